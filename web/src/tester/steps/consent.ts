// Consent: the study's own text, every field of the device block, what is measured and what is not kept.

import { besideLink, button, h, paragraphs } from "../../ui/dom";
import { deviceFields } from "../deviceFields";
import { joinField } from "../joinField";
import { type StepContext, type StepView, actions, problem, stepFrame } from "../step";
import type { Strings } from "../strings";

function fieldList(text: Strings): HTMLElement {
  const entries = deviceFields.map(({ id }) => {
    const field = text.deviceFields[id];
    return h(
      "div",
      { class: "field-entry" },
      h("dt", {}, field.name),
      h("dd", {}, field.meaning),
      h(
        "dd",
        { class: "example" },
        h("span", { class: "example-word" }, `${text.consent.example}: `),
        field.example,
      ),
    );
  });
  const { field, meaning, example } = text.consent;
  const head = [field, meaning, example].map((word) => h("span", {}, word));
  return h(
    "div",
    { class: "field-list" },
    h("div", { class: "field-entry field-head", "aria-hidden": "true" }, ...head),
    h("dl", {}, ...entries),
  );
}

function sections({ config, text }: StepContext): HTMLElement {
  const { consent } = text;
  return h(
    "div",
    { class: "prose" },
    h("div", { lang: config.language }, ...paragraphs(config.consent_text)),
    h("h2", {}, consent.measuredHeading),
    h("p", {}, consent.measuredText),
    h("h2", {}, consent.fieldsHeading),
    h("p", {}, consent.fieldsText),
    fieldList(text),
    h("h2", {}, consent.neverHeading),
    h("p", {}, consent.neverText),
    h("p", {}, consent.storage),
    h("p", {}, consent.stopText),
    h("p", {}, besideLink("/help/privacy", text.common.privacy, text.newTab)),
  );
}

export function consentStep(context: StepContext): StepView {
  const { text, visit, dispatch, announce } = context;
  const box = h("input", { type: "checkbox", id: "agree" });
  const trouble = problem();
  const status = h("p", { class: "muted", hidden: true });
  const code = joinField(text, visit.joinCode);
  code.element.hidden = visit.joinCode === "";
  const unsubscribe = visit.onWaiting((waiting) => {
    if (status.hidden) return;
    const message = waiting ? text.consent.waiting : text.consent.sending;
    if (waiting && status.textContent !== message) announce(message);
    status.textContent = message;
  });

  const agree = async (): Promise<void> => {
    trouble.show(box.checked ? null : text.consent.needCheckbox);
    if (!box.checked) return box.focus();
    const typed = code.read();
    if (typed === null) return;
    go.disabled = true;
    status.hidden = false;
    status.textContent = text.consent.sending;
    const answer = await visit.register(typed);
    go.disabled = false;
    status.hidden = true;
    if (answer.ok) return dispatch({ type: "agreed" });
    if (answer.field === "join_code") {
      code.element.hidden = false;
      return code.showError(text.consent.codeRefused);
    }
    trouble.show(text.consent.refused(answer.message));
  };
  const go = button(text.consent.agree, () => void agree(), "primary large");

  const root = stepFrame(
    "consent",
    text.consent.heading,
    sections(context),
    h(
      "div",
      { class: "consent-answer" },
      code.element,
      h("label", { class: "check", for: "agree" }, box, h("span", {}, text.consent.checkbox)),
      trouble.element,
      status,
      actions(
        go,
        button(text.common.back, () => dispatch({ type: "back" }), "quiet"),
      ),
    ),
  );
  return { root, dispose: unsubscribe };
}
