// Files out of a drop: also those of a folder, which browsers hand over as an entry to walk.

const MOST_FILES = 2_000;

/** Whether something that is dragged over the page may hold files at all. */
export const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Whether a file can be a part of a TensorFlow.js model. */
export const isModelFile = ({ name }: { readonly name: string }): boolean =>
  /\.(json|bin)$/i.test(name) || /-?shard\d+of\d+/i.test(name);

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

const entriesOf = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    found.push(await fileOf(entry as FileSystemFileEntry));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives its entries in portions, and an empty one at the end.
  for (let entries = await entriesOf(reader); entries.length > 0; entries = await entriesOf(reader))
    for (const each of entries) await walk(each, found);
}

/** All files of a drop, those of folders too. To be called while the drop is handled: what it holds is gone later. */
export async function filesOf(event: DragEvent): Promise<File[]> {
  const items = [...(event.dataTransfer?.items ?? [])];
  const plain = [...(event.dataTransfer?.files ?? [])];
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}
