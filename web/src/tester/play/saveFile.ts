import { h } from "../../ui/dom";

const KEEP_MS = 10_000;

/** Offers a file to the browser's own way of saving. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
