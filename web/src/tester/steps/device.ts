// The real device block: read now, after consent, shown in words and exactly, sent only when the tester says so.

import { button, h } from "../../ui/dom";
import type { DeviceBlock } from "../../wire/types";
import { deviceFields } from "../deviceFields";
import { type StepContext, type StepView, actions, problem, reasonOf, stepFrame } from "../step";
import type { Strings } from "../strings";

function factList(block: DeviceBlock, text: Strings): HTMLElement {
  const rows = deviceFields.flatMap(({ id, show }) => [
    h("dt", {}, text.deviceFields[id].name),
    h("dd", {}, show(block, text) ?? text.common.unknown),
  ]);
  return h("dl", { class: "facts" }, ...rows);
}

function exactly(block: DeviceBlock, text: Strings): HTMLElement {
  const json = JSON.stringify(block, null, 2);
  return h("details", {}, h("summary", {}, text.device.raw), h("pre", { tabindex: 0 }, h("code", {}, json)));
}

export function deviceStep(context: StepContext): StepView {
  const { config, text, visit, dispatch } = context;
  const body = h("div", { class: "device-body" });
  const status = h("p", { class: "muted", role: "status" }, text.device.probing);
  const trouble = problem();
  let gone = false;

  const answer = async (block: DeviceBlock | null): Promise<void> => {
    await visit.answerDevice(block);
    dispatch({ type: "device-answered", declined: block === null, canRun: await visit.canRun() });
  };
  const decline = (): HTMLElement => button(text.device.decline, () => void answer(null), "large");

  const show = (block: DeviceBlock): void => {
    status.remove();
    body.replaceChildren(
      h("p", { class: "lead" }, text.device.text),
      factList(block, text),
      exactly(block, text),
      actions(
        button(text.device.send, () => void answer(block), "primary large"),
        decline(),
      ),
    );
    if (config.autorun) void answer(block);
  };

  const probe = async (): Promise<void> => {
    try {
      const { probeDevice } = await import("../../measure/probe");
      const block = await probeDevice(config.browser);
      if (!gone) show(block);
    } catch (error) {
      status.remove();
      trouble.show(text.device.failed(reasonOf(error)));
      body.replaceChildren(actions(decline()));
    }
  };

  void probe();
  const root = stepFrame("device", text.device.heading, status, trouble.element, body);
  return { root, dispose: () => void (gone = true) };
}
