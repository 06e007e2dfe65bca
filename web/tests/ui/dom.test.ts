// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

import { besideLink, button, h, paragraphs } from "../../src/ui/dom";

describe("making elements", () => {
  it("never reads text as markup", () => {
    const element = h("p", { title: '"><img src=x>' }, "<script>alert(1)</script>");
    expect(element.children).toHaveLength(0);
    expect(element.textContent).toBe("<script>alert(1)</script>");
    expect(element.title).toBe('"><img src=x>');
  });

  it("leaves out what is false or null, and sets bare attributes", () => {
    const element = h("input", { hidden: true, disabled: false, name: null }, null, false);
    expect(element.hidden).toBe(true);
    expect(element.hasAttribute("disabled")).toBe(false);
    expect(element.hasAttribute("name")).toBe(false);
  });

  it("listens", () => {
    const clicked = vi.fn();
    button("Start", clicked, "primary").click();
    expect(clicked).toHaveBeenCalledOnce();
  });

  it("says that a link opens beside the page", () => {
    const link = besideLink("/help", "Help", "(opens in a new tab)");
    expect(link.rel).toBe("noopener");
    expect(link.textContent).toBe("Help (opens in a new tab)");
  });

  it("splits text at blank lines", () => {
    expect(paragraphs("one\n\n two\nstill two\n \n").map((p) => p.textContent)).toEqual([
      "one",
      "two\nstill two",
    ]);
  });
});
