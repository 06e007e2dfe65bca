// The optional code from another browser on the same computer.

import { h } from "../ui/dom";
import { cleanJoinCode } from "./identity";
import type { Strings } from "./strings";

export interface JoinField {
  readonly element: HTMLElement;
  /** The code, "" when the field is empty, or null when what stands there cannot be a code (and says so). */
  read(): string | null;
  open(): void;
  showError(message: string): void;
}

export function joinField(text: Strings, initial = ""): JoinField {
  const input = h("input", {
    id: "join-code",
    type: "text",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: 12,
    "aria-describedby": "join-hint join-error",
    value: initial,
  });
  const error = h("span", { id: "join-error", class: "error", role: "alert" });
  const field = h(
    "div",
    { class: "field" },
    h("label", { for: "join-code" }, text.intro.codeLabel),
    input,
    h("span", { id: "join-hint", class: "hint" }, text.intro.codeHint),
    error,
  );
  const element = h("details", { class: "join-field" }, h("summary", {}, text.intro.codeSummary), field);

  const show = (message: string): void => {
    error.textContent = message;
    input.setAttribute("aria-invalid", String(message !== ""));
    if (message !== "") {
      element.open = true;
      input.focus();
    }
  };
  return {
    element,
    read() {
      const code = input.value.trim() === "" ? "" : cleanJoinCode(input.value);
      show(code === null ? text.intro.codeInvalid : "");
      return code;
    },
    open: () => void (element.open = true),
    showError: show,
  };
}
