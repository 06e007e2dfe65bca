// The first page for someone who closed the tab in the middle: go on, or begin anew.

import { button, h } from "../../ui/dom";
import type { Strings } from "../strings";
import { actions, stepFrame } from "../step";

export function resumePage(
  title: string,
  text: Strings,
  choose: (again: "continue" | "new") => void,
): HTMLElement {
  return stepFrame(
    "intro",
    title,
    h("p", { class: "lead" }, text.intro.resumeText),
    actions(
      button(text.intro.resume, () => choose("continue"), "primary large"),
      button(text.intro.startOver, () => choose("new"), "quiet"),
    ),
  );
}
