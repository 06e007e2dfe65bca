// One line per language. Unknown languages get English, and the page then says so in its lang attribute.

import { en, type Strings } from "./en";

export type { Strings } from "./en";

const languages: Record<string, Strings> = { en };

/** The strings for a language tag ("de-CH" falls back to "de", then to English). */
export function stringsFor(language: string): Strings {
  const base = language.split("-")[0] ?? "en";
  return languages[language] ?? languages[base] ?? en;
}
