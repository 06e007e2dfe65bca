// A page's configuration as the server gives it, for tests.

import type { PageConfig } from "../../src/wire/types";

export const config: PageConfig = {
  schema: 1,
  kit_version: "0.1.0",
  protocol_version: 1,
  link: "abcdef123",
  status: "open",
  title: "Flowers",
  text: "A small study.",
  consent_text: "You can stop at any time.",
  consent_sha256: "c".repeat(64),
  language: "en",
  models: [
    {
      ref: { name: "flowers-small", version: "1.0.0", sha256: "a".repeat(64) },
      title: "Flowers, small",
      description: "",
      bytes: 10_500_000,
      url: "/models/flowers-small/1.1.0/manifest.json",
    },
  ],
  modes: ["tfjs-pixels", "tfjs-webgl"],
  protocol: {
    blocks: 2,
    capability_s: 3,
    displayed_s: 3,
    warmup_min_s: 2,
    warmup_min_frames: 30,
    warmup_max_s: 20,
    block_max_s: 30,
    min_frames: 5,
    in_flight: 2,
    drift_control: true,
  },
  browser: { name: "Firefox", major: 140, os: "Linux", os_version: null, mobile: false },
  api: "/api/v1",
  autorun: false,
  simulated: false,
  own_models: true,
};
