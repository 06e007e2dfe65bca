// Files come in any order and in several drops: this keeps them until a model is complete, and knows what is missing.

import type { ModelIndex } from "../../../engine/read";

export type Reading =
  /** No model.json yet. */
  | { readonly state: "no-model"; readonly weights: number }
  | { readonly state: "missing"; readonly index: ModelIndex; readonly missing: readonly string[] }
  | { readonly state: "complete"; readonly index: ModelIndex; readonly files: ReadonlyMap<string, File> };

export class Collector {
  private index: ModelIndex | null = null;
  private files = new Map<string, File>();

  /** Takes more files. Rejects with a sentence for people when a model.json is none. */
  async add(more: readonly File[]): Promise<Reading> {
    const { readIndex } = await import("../../../engine/read");
    for (const file of more) if (!file.name.toLowerCase().endsWith(".json")) this.files.set(file.name, file);
    const models = more.filter((file) => file.name.toLowerCase().endsWith(".json"));
    const model = models.find((file) => file.name === "model.json") ?? models[0];
    if (model) this.index = await readIndex(model);
    return this.reading();
  }

  /** Forgets everything, for instance after a model was read or refused. */
  clear(): void {
    this.index = null;
    this.files = new Map();
  }

  private reading(): Reading {
    const { index, files } = this;
    if (index === null) return { state: "no-model", weights: files.size };
    const missing = index.needed.filter((name) => !files.has(name));
    if (missing.length > 0) return { state: "missing", index, missing };
    return { state: "complete", index, files };
  }
}
