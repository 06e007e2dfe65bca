// The whole "framework": elements are made, never parsed, so that no string from outside can become markup.

export type Child = Node | string | number | null | undefined | false;

export interface Props {
  class?: string;
  on?: Record<string, (event: Event) => void>;
  [attribute: string]: unknown;
}

function applyProps(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(value as Record<string, EventListener>)) {
        element.addEventListener(type, listener);
      }
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
}

function appendAll(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** An HTML element with attributes, listeners (`on`) and children; `true` is a bare attribute, `false`/`null` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  applyProps(element, props);
  appendAll(element, children);
  return element;
}

/** The same for SVG. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  applyProps(element, props);
  appendAll(element, children);
  return element;
}

/** A button that does one thing. `look` is a class of base.css. */
export function button(label: string, onClick: () => void, look = "", props: Props = {}): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: look || null, on: { click: onClick }, ...props } as Props,
    label,
  );
}

/** A link to a page of the same server, opened beside this one so that the visit is not lost. */
export function besideLink(href: string, label: string, newTabHint: string): HTMLAnchorElement {
  return h(
    "a",
    { href, target: "_blank", rel: "noopener" },
    label,
    h("span", { class: "visually-hidden" }, ` ${newTabHint}`),
  );
}

/** Text from outside, one paragraph per blank-line separated block. */
export function paragraphs(text: string): HTMLParagraphElement[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => h("p", {}, part));
}
