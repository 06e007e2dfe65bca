// The device block in readable form: one list drives the consent table and the real values, so that they cannot differ.

import { figure } from "../ui/format";
import type { DeviceBlock } from "../wire/types";
import type { DeviceFieldId } from "./deviceFieldIds";
import type { Strings } from "./strings";

type Show = (block: DeviceBlock, text: Strings) => string | null;

function joined(parts: (string | number | null | undefined)[], separator: string): string | null {
  const said = parts.filter((part) => part !== null && part !== undefined && part !== "");
  return said.length > 0 ? said.join(separator) : null;
}

function yesNo(value: boolean, text: Strings): string {
  return value ? text.common.yes : text.common.no;
}

function showBrowser({ browser }: DeviceBlock): string | null {
  const name = joined([browser.name, browser.major], " ");
  return joined([name, joined([browser.os, browser.os_version], " ")], ", ");
}

function showRenderer({ webgl, webgl_reason }: DeviceBlock, text: Strings): string | null {
  if (!webgl) return joined([text.device.none, webgl_reason], ": ");
  return webgl.unmasked_renderer ?? webgl.renderer;
}

function showVendor({ webgl }: DeviceBlock, text: Strings): string | null {
  if (!webgl) return text.device.none;
  return webgl.unmasked_vendor ?? webgl.vendor;
}

function showWebgl({ webgl }: DeviceBlock, text: Strings): string | null {
  if (!webgl) return text.device.none;
  const limits = text.device.limits(String(webgl.limits.max_texture_size), String(webgl.extensions.length));
  return joined([webgl.version, limits], "; ");
}

function showWebgpu({ webgpu }: DeviceBlock, text: Strings): string | null {
  if (!webgpu) return text.device.none;
  return joined([webgpu.vendor, webgpu.architecture, webgpu.device, webgpu.description], ", ");
}

function showHints({ client_hints: hints }: DeviceBlock): string | null {
  if (!hints) return null;
  const system = joined([hints.platform, hints.platform_version], " ");
  return joined([system, hints.model, joined([hints.architecture, hints.bitness], " ")], ", ");
}

function showScreen({ screen }: DeviceBlock, text: Strings): string {
  const ratio = figure(text.language, screen.device_pixel_ratio);
  return text.device.pixels(String(screen.width), String(screen.height), ratio, String(screen.color_depth));
}

function showRefresh({ refresh_hz: hz }: DeviceBlock, text: Strings): string | null {
  return hz ? text.units.perSecond(figure(text.language, hz)) : null;
}

/** In the order in which both pages list them. */
export const deviceFields: readonly { id: DeviceFieldId; show: Show }[] = [
  { id: "browser", show: showBrowser },
  { id: "vendor", show: showVendor },
  { id: "renderer", show: showRenderer },
  { id: "webgl", show: showWebgl },
  { id: "webgpu", show: showWebgpu },
  { id: "clientHints", show: showHints },
  { id: "cores", show: (block) => (block.hardware_concurrency ? String(block.hardware_concurrency) : null) },
  {
    id: "memory",
    show: (block, text) =>
      block.device_memory_gb ? text.units.gigabytes(String(block.device_memory_gb)) : null,
  },
  { id: "screen", show: showScreen },
  { id: "refresh", show: showRefresh },
  { id: "touch", show: (block) => String(block.touch_points) },
  {
    id: "charging",
    show: (block, text) =>
      typeof block.charging === "boolean"
        ? block.charging
          ? text.device.plugged
          : text.device.battery
        : null,
  },
  { id: "isolated", show: (block, text) => yesNo(block.isolated, text) },
  { id: "tick", show: (block, text) => text.units.milliseconds(figure(text.language, block.tick_ms)) },
];

/** Which entry of the list tells of which key of the block: the compiler and a test hold it complete. */
export const covered: Record<keyof DeviceBlock, DeviceFieldId> = {
  browser: "browser",
  webgl: "renderer",
  webgl_reason: "renderer",
  webgpu: "webgpu",
  client_hints: "clientHints",
  hardware_concurrency: "cores",
  device_memory_gb: "memory",
  screen: "screen",
  refresh_hz: "refresh",
  touch_points: "touch",
  charging: "charging",
  isolated: "isolated",
  tick_ms: "tick",
};
