// Generated from kit/domain/wire by `npm run types`. Do not edit: change the Python classes.
/**
 * Name, major version and operating system: parsed from the user agent in memory, which is not kept.
 */
export interface Browser {
  major: number | null;
  mobile: boolean | null;
  name: string;
  os: string;
  os_version: string | null;
}
/**
 * One immutable model bundle; `sha256` is that of its `manifest.json`.
 */
export interface BundleRef {
  name: string;
  sha256: string;
  version: string;
}
/**
 * User-agent client hints, where the browser grants them.
 */
export interface ClientHints {
  architecture?: string | null;
  bitness?: string | null;
  model?: string | null;
  platform?: string | null;
  platform_version?: string | null;
}
/**
 * What the tester agreed to: the hash of the text as shown, its language, and when.
 */
export interface Consent {
  at: string;
  language: string;
  text_sha256: string;
}
/**
 * The answer to a deletion, once it is committed.
 */
export interface Deleted {
  deleted: true;
  schema: 1;
}
/**
 * Every field that the consent page lists. `None` where the browser does not say.
 */
export interface DeviceBlock {
  browser: Browser;
  charging: boolean | null;
  client_hints: ClientHints | null;
  device_memory_gb: number | null;
  hardware_concurrency: number | null;
  isolated: boolean;
  refresh_hz: number | null;
  screen: Screen;
  tick_ms: number;
  touch_points: number;
  webgl: Webgl | null;
  webgl_reason?: string | null;
  webgpu: WebgpuAdapter | null;
}
/**
 * CSS pixels, and device pixels per CSS pixel.
 */
export interface Screen {
  color_depth: number;
  device_pixel_ratio: number;
  height: number;
  width: number;
}
/**
 * The probed WebGL2 context: raw strings are kept for good, rules only ever read them.
 */
export interface Webgl {
  /**
   * @maxItems 100
   */
  extensions: string[];
  limits: WebglLimits;
  renderer: string;
  unmasked_renderer: string | null;
  unmasked_vendor: string | null;
  vendor: string;
  version: string;
}
/**
 * Limits of the probed context, texels or counts, as `getParameter` gives them.
 */
export interface WebglLimits {
  max_color_attachments: number;
  max_draw_buffers: number;
  max_fragment_uniform_vectors: number;
  max_renderbuffer_size: number;
  max_samples: number;
  max_texture_image_units: number;
  max_texture_size: number;
}
/**
 * `GPUAdapterInfo`, where there is an adapter.
 */
export interface WebgpuAdapter {
  architecture: string;
  description: string;
  device: string;
  is_fallback?: boolean | null;
  vendor: string;
}
/**
 * `PUT /api/v1/visits/<id>/device`: the block, or `declined` (and then no block) where the tester keeps it.
 */
export interface DeviceReport {
  declined: boolean;
  device: DeviceBlock | null;
  schema: 1;
}
/**
 * A request that says nothing: `{}`.
 */
export interface Empty {}
/**
 * What could have bent the figures. `close_ms` is the cost of closing an empty frame, measured before the run.
 */
export interface Environment {
  canvas_height: number;
  canvas_width: number;
  close_ms: number;
  closing: "return" | "fence" | "work_done";
  focused: boolean;
  in_flight: number;
  isolated: boolean;
  renderer: string | null;
  tick_ms: number;
  vendor: string | null;
  visible: boolean;
}
/**
 * Something that happened during the run, `at_ms` after its start.
 */
export interface Event {
  at_ms: number;
  type:
    | "hidden"
    | "shown"
    | "blurred"
    | "focused"
    | "context_lost"
    | "context_restored"
    | "fell_back"
    | "disjoint"
    | "resized"
    | "device_lost";
}
/**
 * The body of every 4xx and 5xx of the API.
 */
export interface Failure {
  error: Problem;
}
/**
 * `message` is one sentence that names the field and says what to do; `field` is its dotted path.
 */
export interface Problem {
  code: string;
  field: string | null;
  message: string;
}
/**
 * The picture as shown against the golden output, in units of the output range [-1, 1].
 *
 * `status` is `readback_masked` when a known pattern did not come back as drawn: the browser masks read-backs.
 */
export interface Golden {
  max_abs_error: number | null;
  psnr_db: number | null;
  status: "pass" | "fail" | "readback_masked" | "not_checked";
}
/**
 * `POST /api/v1/visits/<id>/join-code`: a short code that joins a second browser to this machine.
 */
export interface JoinCodeAnswer {
  code: string;
  expires_at: string;
  schema: 1;
}
/**
 * What the laboratory (`/lab`) is told: all models, the internal ones last, and the names of the modes.
 */
export interface LabConfig {
  kit_version: string;
  models: PageModel[];
  modes: LabMode[];
  schema: 1;
}
/**
 * One model of the study: where its manifest is, and how much a tester downloads.
 */
export interface PageModel {
  bytes: number;
  description: string;
  ref: BundleRef;
  title: string;
  url: string;
}
/**
 * An output mode as the laboratory lists it.
 */
export interface LabMode {
  id: string;
  title: string;
}
/**
 * The model's way onto the machine. `bytes` counts what came over the network (0 when all was cached).
 */
export interface Load {
  bytes: number;
  cold: boolean;
  compile_ms: number | null;
  first_picture_ms: number | null;
  ms: number;
}
/**
 * Everything the page needs to run the study. `autorun` is set for bench studies only: no person is asked.
 *
 * `own_models`: whether testers may also play with a model file of their own.
 */
export interface PageConfig {
  api: string;
  autorun?: boolean;
  browser: Browser;
  consent_sha256: string;
  consent_text: string;
  kit_version: string;
  language: string;
  link: string;
  models: PageModel[];
  modes: string[];
  own_models?: boolean;
  protocol: Protocol;
  protocol_version: number;
  schema: 1;
  simulated?: boolean;
  status: "open" | "closed";
  text: string;
  title: string;
}
/**
 * The measuring knobs: documented, range-checked, part of the study's revision. Seconds unless the name says else.
 */
export interface Protocol {
  block_max_s?: number;
  /**
   * blocks per condition
   */
  blocks?: number;
  capability_s?: number;
  displayed_s?: number;
  drift_control?: boolean;
  in_flight?: number;
  min_frames?: number;
  warmup_max_s?: number;
  warmup_min_frames?: number;
  warmup_min_s?: number;
}
/**
 * One block of the visit's sequence: run this condition for so many seconds in each of its two windows.
 */
export interface PlanEntry {
  block: number;
  drift_control?: boolean;
  mode: string;
  model: BundleRef;
  variant?: Wishes | null;
}
/**
 * What a study asks of a mode beyond its name, as in `direct-wasm[threads=1]`. `None`: the mode chooses.
 *
 * A run that cannot meet a wish has failed; the run's own `variant` says how it really ran.
 */
export interface Wishes {
  precision?: ("float32" | "float16") | null;
  threads?: number | null;
  tuning?: string | null;
}
/**
 * `PUT /api/v1/visits/<visit>/runs/<run>`.
 *
 * `local`: a tester's own model, read by the page and never uploaded. `model.sha256` is then the hash of its graph
 * and weights, `model.name` is local-model, its version 0.0.0, and the run is one of kind play.
 */
export interface RunReport {
  block: number;
  capability?: Samples | null;
  displayed?: Samples | null;
  environment?: Environment | null;
  /**
   * @maxItems 500
   */
  events?: Event[];
  golden?: Golden | null;
  kind: "measured" | "play";
  load?: Load | null;
  local?: boolean;
  mode: string;
  model: BundleRef;
  outcome: "ok" | "wrong_output" | "unavailable" | "failed" | "too_slow" | "stopped" | "lost";
  reason?: string | null;
  schema: 1;
  started_ms: number;
  variant: Variant;
  warmup?: Samples | null;
}
/**
 * One timed window, column by column: sample `i` is `k[i]` frames in `ms[i]` milliseconds.
 *
 * `elapsed_ms` is the window's own length. For the displayed window a sample is the time since the picture before,
 * every `k` is 1, and `animation_frames` counts the animation frames of the window, with or without a new picture.
 */
export interface Samples {
  animation_frames?: number | null;
  elapsed_ms: number;
  /**
   * @maxItems 20000
   */
  k: number[];
  /**
   * @maxItems 20000
   */
  ms: number[];
}
/**
 * How the condition was run. Figures never pool over threads or precision.
 */
export interface Variant {
  library: string;
  precision: string;
  threads: number | null;
  tuning?: string | null;
}
/**
 * The answer once a run is committed.
 */
export interface RunStored {
  run: string;
  schema: 1;
  summary: RunSummaryAnswer;
}
/**
 * What the server made of the samples; `None` where there is no such figure.
 */
export interface RunSummaryAnswer {
  capability_fps: number | null;
  capability_ms_median: number | null;
  capability_ms_p95: number | null;
  displayed_fps: number | null;
  flags: string[];
}
/**
 * The answer to a device block and to a visit's end, once they are committed.
 */
export interface Stored {
  schema: 1;
  stored: true;
}
/**
 * `POST /api/v1/visits`: the first thing that is stored, sent only after consent.
 *
 * `id`, `machine` and `secret` are made by the browser, so that a repeated request is the same request.
 * `machine` is the browser's remembered random id; with `join_code` the server answers the id to use instead.
 */
export interface VisitCreate {
  consent: Consent;
  id: string;
  join_code?: string | null;
  kit_version: string;
  link: string;
  machine: string;
  protocol_version: number;
  schema: 1;
  secret: string;
}
/**
 * The answer to `VisitCreate`: which machine id to keep, and the balanced order for this visit.
 */
export interface VisitCreated {
  id: string;
  machine: string;
  order_seed: number;
  schema: 1;
  sequence: PlanEntry[];
}
/**
 * `PUT /api/v1/visits/<id>/end`: how the visit ended. May be sent again as the visit goes further.
 */
export interface VisitEnd {
  reason?: string | null;
  refresh_hz_after?: number | null;
  schema: 1;
  state: "finished" | "stopped" | "no_webgl";
}
