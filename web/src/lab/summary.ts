// All modes in one table.
import { h } from "../ui/dom";
import type { PictureDifference } from "./difference";
import type { Finding } from "./inspect";
import { levels, milliseconds, percent } from "./words";

const HEADS = ["Mode", "A frame", "Largest difference", "Values equal"] as const;

function cells(finding: Finding, difference: PictureDifference | null): HTMLElement[] {
  if (finding.state !== "seen")
    return [h("td", { role: "cell", colspan: 3, class: "wide reason" }, finding.reason)];
  const { look } = finding.seen;
  const cell = (i: number, value: string, small = ""): HTMLElement =>
    h(
      "td",
      { role: "cell", class: "num third", "data-label": HEADS[i] },
      value,
      small && h("small", { class: "muted" }, small),
    );
  return [
    cell(1, milliseconds(look.ms), `n = ${look.frames}`),
    cell(2, difference ? levels(difference.levels) : "not compared"),
    cell(3, difference ? percent(difference.equal) : ""),
  ];
}

export function summaryTable(): {
  element: HTMLElement;
  add: (finding: Finding, difference: PictureDifference | null) => void;
} {
  const body = h("tbody", { role: "rowgroup" });
  const heads = HEADS.map((name, i) => h("th", { role: "columnheader", class: i > 0 ? "num" : "" }, name));
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads));
  return {
    element: h("table", { class: "cards summary", role: "table", "aria-label": "All modes" }, head, body),
    add(finding, difference) {
      const name = h("th", { role: "rowheader", scope: "row" }, h("code", {}, finding.mode));
      body.append(h("tr", { role: "row" }, name, ...cells(finding, difference)));
    },
  };
}
