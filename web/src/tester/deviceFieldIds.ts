// The fields of the device block, by name: their words stand in strings/, what they show in deviceFields.ts.

export type DeviceFieldId =
  | "browser"
  | "vendor"
  | "renderer"
  | "webgl"
  | "webgpu"
  | "clientHints"
  | "cores"
  | "memory"
  | "screen"
  | "refresh"
  | "touch"
  | "charging"
  | "isolated"
  | "tick";
