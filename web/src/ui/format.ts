// Numbers as people read them. Every formatter takes the language, so that a page speaks one language throughout.

const MEGABYTE = 1_000_000;

function number(language: string, value: number, digits: number): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Bytes in MB (10^6 bytes): one decimal below 100 MB; anything that is not nothing shows as at least 0.1. */
export function megabytes(language: string, bytes: number): string {
  const value = bytes / MEGABYTE;
  if (bytes > 0 && value < 0.1) return number(language, 0.1, 1);
  return number(language, value, value < 100 ? 1 : 0);
}

/** A figure with three significant digits, no more than it has: 0.005, 4.27, 42.7, 1,430. */
export function figure(language: string, value: number): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value);
}

/** Whole frames a second, one decimal below ten. */
export function framesPerSecond(language: string, value: number): string {
  return number(language, value, value < 10 ? 1 : 0);
}

/** Seconds rounded up to something calm: whole seconds below 10, else steps of five, so that the text does not flicker. */
export function calmSeconds(seconds: number): number {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 10 ? whole : Math.ceil(whole / 5) * 5;
}

/** A duration as people say it: seconds in tens below a minute and a half, else whole minutes. */
export function roughDuration(seconds: number): { value: number; unit: "seconds" | "minutes" } {
  if (seconds < 90) return { value: Math.max(10, Math.ceil(seconds / 10) * 10), unit: "seconds" };
  return { value: Math.round(seconds / 60), unit: "minutes" };
}
