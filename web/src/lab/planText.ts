// The plan as text, to read and to copy.
import { printPlan } from "../engine/plan";
import type { Plan } from "../engine/plan";
import { button, h } from "../ui/dom";

async function copy(text: string, element: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    // Pages without https have no clipboard.
    getSelection()?.selectAllChildren(element);
    return "Selected: copy it with the keyboard.";
  }
}

export function planText(name: string, plan: Plan): HTMLElement {
  const text = printPlan(plan);
  const block = h("pre", { tabindex: 0, role: "region", "aria-label": `Plan of ${name}` }, text);
  const said = h("span", { role: "status", class: "muted small" });
  const press = (): void => void copy(text, block).then((words) => (said.textContent = words));
  return h("div", {}, block, h("p", { class: "row" }, button("Copy the plan", press), said));
}
