// What the server wrote into the page.
import type { LabConfig } from "../wire/types";

export function readConfig(): LabConfig {
  const text = document.querySelector("#lab-config")?.textContent;
  if (!text) throw new Error("The page came without its list of models: reload it.");
  return JSON.parse(text) as LabConfig;
}

/** The model that the address asks for (`?model=name/version`, or a name alone), else the first. */
export function askedModel({ models }: LabConfig, query: string): number {
  const asked = new URLSearchParams(query).get("model");
  const [name, version] = asked?.split("/") ?? [];
  const found = models.findLastIndex(
    ({ ref }) => ref.name === name && (version === undefined || ref.version === version),
  );
  return Math.max(found, 0);
}
