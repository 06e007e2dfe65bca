// What the browser says about the device. Call it after consent only: it touches the GPU.
import { makeCanvas, openWebgl, readRenderer, releaseWebgl } from "../engine/webgl/context";
import type { Browser, ClientHints, DeviceBlock, Webgl, WebglLimits, WebgpuAdapter } from "../wire/types";
import { measureTick } from "./clock";
import { measureRefresh } from "./refresh";

const short = (value: unknown, most = 200): string => String(value ?? "").slice(0, most);

function readLimits(gl: WebGL2RenderingContext): WebglLimits {
  const count = (name: number): number => Number(gl.getParameter(name)) || 0;
  return {
    max_texture_size: count(gl.MAX_TEXTURE_SIZE),
    max_renderbuffer_size: count(gl.MAX_RENDERBUFFER_SIZE),
    max_draw_buffers: count(gl.MAX_DRAW_BUFFERS),
    max_color_attachments: count(gl.MAX_COLOR_ATTACHMENTS),
    max_texture_image_units: count(gl.MAX_TEXTURE_IMAGE_UNITS),
    max_fragment_uniform_vectors: count(gl.MAX_FRAGMENT_UNIFORM_VECTORS),
    max_samples: count(gl.MAX_SAMPLES),
  };
}

function describeWebgl(gl: WebGL2RenderingContext): Webgl {
  const text = (name: number): string => short(gl.getParameter(name), 1024);
  const plain = { vendor: text(gl.VENDOR), renderer: text(gl.RENDERER) };
  const unmasked = readRenderer(gl);
  const same = unmasked.vendor === plain.vendor && unmasked.renderer === plain.renderer;
  return {
    ...plain,
    unmasked_vendor: same ? null : short(unmasked.vendor, 1024),
    unmasked_renderer: same ? null : short(unmasked.renderer, 1024),
    version: text(gl.VERSION),
    limits: readLimits(gl),
    extensions: (gl.getSupportedExtensions() ?? []).slice(0, 100).map((name) => short(name)),
  };
}

/** WebGL2 with the attributes of the runs: others might describe another GPU of this machine. */
function probeWebgl(): { webgl: Webgl | null; webgl_reason: string | null } {
  try {
    const { gl, reason } = openWebgl(makeCanvas(1, 1));
    if (gl === null) return { webgl: null, webgl_reason: short(reason || "no WebGL2 context", 1000) };
    const webgl = describeWebgl(gl);
    releaseWebgl(gl);
    return { webgl, webgl_reason: null };
  } catch (error) {
    return { webgl: null, webgl_reason: short(error, 1000) };
  }
}

interface GpuAdapter {
  readonly info?: { vendor?: string; architecture?: string; device?: string; description?: string };
  readonly isFallbackAdapter?: boolean;
}

interface DeviceNavigator {
  readonly gpu?: { requestAdapter(options: { powerPreference: string }): Promise<GpuAdapter | null> };
  readonly deviceMemory?: number;
  readonly getBattery?: () => Promise<{ charging: boolean }>;
  readonly userAgentData?: { getHighEntropyValues(hints: string[]): Promise<Record<string, unknown>> };
}

/** What is not in every browser. */
const extras = (): DeviceNavigator => navigator as unknown as DeviceNavigator;

/** The value, or null where the browser throws, refuses or does not answer within two seconds. */
async function orNull<T>(ask: () => Promise<T | null> | undefined): Promise<T | null> {
  try {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 2_000));
    return (await Promise.race([ask() ?? null, late])) ?? null;
  } catch {
    return null;
  }
}

async function probeWebgpu(): Promise<WebgpuAdapter | null> {
  const adapter = await orNull(() => extras().gpu?.requestAdapter({ powerPreference: "high-performance" }));
  if (adapter === null) return null;
  const { vendor, architecture, device, description } = adapter.info ?? {};
  return {
    vendor: short(vendor),
    architecture: short(architecture),
    device: short(device),
    description: short(description),
    is_fallback: adapter.isFallbackAdapter ?? null,
  };
}

async function probeHints(): Promise<ClientHints | null> {
  const wanted = ["platformVersion", "model", "architecture", "bitness"];
  const hints = await orNull(() => extras().userAgentData?.getHighEntropyValues(wanted));
  if (hints === null) return null;
  const hint = (name: string): string | null => (typeof hints[name] === "string" ? short(hints[name]) : null);
  return {
    platform: hint("platform"),
    platform_version: hint("platformVersion"),
    model: hint("model"),
    architecture: hint("architecture"),
    bitness: hint("bitness"),
  };
}

const positive = (value: number | undefined): number | null =>
  value !== undefined && value > 0 ? value : null;

/** Everything that the consent page lists. `browser` comes from the page's configuration. Takes some two seconds. */
export async function probeDevice(browser: Browser): Promise<DeviceBlock> {
  const refresh_hz = await measureRefresh();
  const battery = await orNull(() => extras().getBattery?.());
  return {
    ...probeWebgl(),
    webgpu: await probeWebgpu(),
    browser,
    client_hints: await probeHints(),
    hardware_concurrency: positive(navigator.hardwareConcurrency),
    device_memory_gb: positive(extras().deviceMemory),
    screen: {
      width: Math.round(screen.width),
      height: Math.round(screen.height),
      device_pixel_ratio: devicePixelRatio > 0 ? devicePixelRatio : 1,
      color_depth: screen.colorDepth,
    },
    refresh_hz,
    touch_points: navigator.maxTouchPoints ?? 0,
    charging: battery?.charging ?? null,
    isolated: globalThis.crossOriginIsolated === true,
    tick_ms: measureTick(),
  };
}
