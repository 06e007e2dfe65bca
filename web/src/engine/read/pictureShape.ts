// The shape of a picture as files write it: a batch in front, extents that are left open as null or -1.
import { BundleError } from "../checks";
import { PICTURE_CHANNELS } from "../consistency";
import type { Shape3 } from "../checks";
import { DEFAULT_SIDE, SIDE } from "./limits";

/** Height and width are null where the model takes any. */
export type OpenShape = readonly [number | null, number | null, number];

function extentOf(value: unknown, where: string): number | null {
  if (value === null || value === undefined || value === -1) return null;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= SIDE) return value as number;
  throw new BundleError(`${where}: an input of ${JSON.stringify(value).slice(0, 20)} places cannot run here`);
}

/** [batch, height, width, channels] as an open shape. Throws `BundleError` for anything that is no picture. */
export function pictureShape(extents: readonly unknown[], where: string): OpenShape {
  const text = extents
    .map((extent) => String(extent ?? "any"))
    .join("x")
    .slice(0, 60);
  if (extents.length !== 4)
    throw new BundleError(
      `${where}: its input is ${text}, not a picture of [batch, height, width, channels]`,
    );
  const [batch = null, height = null, width = null, channels = null] = extents.map((extent) =>
    extentOf(extent, where),
  );
  if (batch !== null && batch !== 1)
    throw new BundleError(
      `${where}: it takes ${batch} pictures at once; export it for a batch of 1, or of any size`,
    );
  if (channels !== null && PICTURE_CHANNELS.includes(channels)) return [height, width, channels];
  if (height !== null && PICTURE_CHANNELS.includes(height) && (width ?? 0) > 4)
    throw new BundleError(
      `${where}: its input ${text} has the channels first; export the model with channels last`,
    );
  throw new BundleError(
    `${where}: its input has ${channels ?? "any number of"} channels; a picture has 1, 3 or 4`,
  );
}

/** With open extents filled in; `size` is [height, width] for those. */
export function closed([height, width, channels]: OpenShape, size: readonly [number, number] | null): Shape3 {
  return [height ?? size?.[0] ?? DEFAULT_SIDE, width ?? size?.[1] ?? DEFAULT_SIDE, channels];
}
