// The rivals' runtimes: files of other projects, some 75 MB, that the server has where `kit rivals` installed them. They are
// loaded by their address, so that nothing of them is in the kit's own code.
import type { LoadedBundle } from "../engine/bundle";
import type { Availability } from "./types";

export type Runtime = "onnxruntime-web" | "@litertjs/core";

const INDEX = "/rivals/index.json";
let found: Promise<Readonly<Record<string, string>> | null> | null = null;

async function readIndex(): Promise<Readonly<Record<string, string>> | null> {
  const answer = await fetch(INDEX).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as Record<string, string>) : null;
}

/** Folder by name of the package, or null where nothing is installed. */
async function folders(): Promise<Readonly<Record<string, string>> | null> {
  found ??= readIndex();
  const made = await found;
  if (made === null) found = null; // asked again: a line may have been cut
  return made;
}

export async function runtimeAvailability(runtime: Runtime): Promise<Availability> {
  if ((await folders())?.[runtime] !== undefined) return { ok: true };
  return { ok: false, reason: `This server does not have ${runtime}; kit rivals installs it.` };
}

/** Where the files of a runtime lie: an address that ends in a slash. */
export async function runtimeAddress(runtime: Runtime): Promise<string> {
  const folder = (await folders())?.[runtime];
  if (folder === undefined) throw new Error(`This server does not have ${runtime}; kit rivals installs it.`);
  return new URL(`/rivals/${folder}/`, location.href).href;
}

/** The version in the name of a folder: onnxruntime-web@1.30.0. */
export const versionOf = (address: string): string => /@([\d.]+)\/$/.exec(address)?.[1] ?? "unknown";

/** The module at an address. The caller says what is in it: these packages are not there when the kit is built. */
export const loadModule = async <T>(address: string): Promise<T> =>
  (await import(/* @vite-ignore */ address)) as T;

/** The bundle in another format, preprocessing included, made by the server from the same weights. */
export async function fetchForm(bundle: LoadedBundle, file: string): Promise<Uint8Array> {
  if (bundle.local === true) throw new Error("A model of one's own is not run for comparison.");
  const { name, version } = bundle.manifest;
  const answer = await fetch(`/models/${name}/${version}/${file}`);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const body = (await answer.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Error(body?.error?.message ?? `The server has no ${file} of ${name} (${answer.status}).`);
}
