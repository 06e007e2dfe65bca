// The model download as pages use it: cached over reloads, verified on every page, retried.
import { loadBundle } from "../engine/bundle";
import type { LoadedBundle, Progress } from "../engine/bundle";
import type { PageModel } from "../wire/types";
import { digest } from "./digest";
import { openFileCache } from "./fileCache";

export interface DownloadOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Loads a study's model. Throws `BundleError` with a sentence for people, or the signal's reason. */
export function downloadBundle(model: PageModel, options: DownloadOptions = {}): Promise<LoadedBundle> {
  return loadBundle(model.url, {
    ...options,
    digest,
    cache: openFileCache(),
    expectedSha256: model.ref.sha256,
  });
}
