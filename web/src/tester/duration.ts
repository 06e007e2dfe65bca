import { roughDuration } from "../ui/format";
import type { Strings } from "./strings";

/** A rough duration in the page's words. */
export function durationWords(seconds: number, text: Strings): string {
  const { value, unit } = roughDuration(seconds);
  return text.units[unit](value.toLocaleString(text.language));
}
