// Deleting, with one question in between. A dialog element would do, but older phones have none.

import { button, h } from "../../ui/dom";
import { type StepContext, problem, reasonOf } from "../step";

export function deletePanel(context: StepContext, onDeleted: () => void): HTMLElement {
  const { text, visit, dispatch } = context;
  const trouble = problem();
  const body = h("div");
  const root = h("section", { class: "delete-panel" }, body, trouble.element);

  const ask = (): void => {
    const question = h("p", { tabindex: -1 }, text.thanks.removeConfirm);
    const yes = button(text.thanks.removeYes, () => void remove(yes), "danger");
    body.replaceChildren(question, h("div", { class: "row" }, yes, button(text.thanks.removeNo, show)));
    question.focus();
  };
  const remove = async (yes: HTMLButtonElement): Promise<void> => {
    yes.disabled = true;
    trouble.show(null);
    try {
      await visit.remove();
    } catch (error) {
      yes.disabled = false;
      return trouble.show(text.thanks.removeFailed(reasonOf(error)));
    }
    onDeleted();
    dispatch({ type: "deleted" });
    showDeleted();
  };
  const showDeleted = (): void => {
    const heading = h("h2", { tabindex: -1 }, text.thanks.removed);
    body.replaceChildren(heading, h("p", {}, text.thanks.removedText));
    heading.focus();
  };
  const show = (): void => {
    body.replaceChildren(
      h("p", { class: "muted" }, text.thanks.removeText),
      button(text.thanks.remove, ask, "danger"),
    );
  };

  if (visit.flow.deleted) showDeleted();
  else show();
  return root;
}
