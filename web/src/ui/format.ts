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

/** A figure with three significant digits or so: 4.27, 42.7, 427. */
export function figure(language: string, value: number): string {
  const size = Math.abs(value);
  return number(language, value, size < 10 ? 2 : size < 100 ? 1 : 0);
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

/** Minutes, at least one half, in halves. */
export function roughMinutes(seconds: number): number {
  return Math.max(0.5, Math.round(seconds / 30) / 2);
}

/** A clock time for a moment, in the reader's own time zone. */
export function clockTime(language: string, iso: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}
