// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { CHARTS } from "../../src/dashboard/charts";
import { csvOf } from "../../src/dashboard/download";
import { keyOf, placeKey } from "../../src/dashboard/key";
import { svgFile, withColours, wrapped } from "../../src/dashboard/svgFile";
import { HARDWARE } from "./rows";

const FRAME = { width: 560, document };

describe("CSV", () => {
  it("has a heading with units, and nothing where there is nothing", () => {
    const [head, first] = csvOf(CHARTS["hardware"]!.rows(HARDWARE, FRAME)).split("\r\n");
    expect(head).toBe("section,place,model,version,mode,precision,browser,machines,fps,low_fps,high_fps,is");
    expect(first).toContain(",8,60,50,70,");
  });

  it("quotes, and never hands a formula to a spreadsheet", () => {
    expect(csvOf([{ a: 'say "hi", twice', b: "=1+1", c: null }])).toBe(
      'a,b,c\r\n"say ""hi"", twice",\'=1+1,\r\n',
    );
  });
});

describe("the SVG file", () => {
  it("holds heading, sentence, every drawing and n, as text", () => {
    document.body.innerHTML =
      '<a class="chip"><span>Study: spring</span> ×</a><section><h2 class="chart-title">A &lt;b&gt;</h2><p class="chart-sentence">It shows.</p><p class="chart-n">n = 8</p></section>';
    const section = document.querySelector("section")!;
    const file = svgFile(section, CHARTS["hardware"]!.panels(HARDWARE, FRAME));
    const svg = new DOMParser().parseFromString(file, "image/svg+xml");
    expect(svg.querySelector("parsererror")).toBeNull();
    expect(svg.querySelectorAll("svg > svg").length).toBe(1);
    for (const words of ["A <b>", "It shows.", "n = 8", "Filters: Study: spring.", "flowers-small 1.0.0"])
      expect(svg.documentElement.textContent).toContain(words);
  });

  it("writes colours out", () => {
    expect(
      withColours('fill="var(--ink)" stroke="var(--none)"', (name) => (name === "--ink" ? "#111" : "")),
    ).toBe('fill="#111" stroke="var(--none)"');
  });

  it("breaks sentences between words", () => {
    expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });
});

describe("the key", () => {
  const entries = ["tfjs-webgl", "direct-webgl", "tfjs-pixels"].map((label) => ({
    label,
    colour: "var(--ink)",
  }));

  it("goes on in the next line where there is no room", () => {
    expect(placeKey(entries, 260).map(({ x, y }) => [x > 0, y])).toEqual([
      [false, 0],
      [true, 0],
      [false, 18],
    ]);
  });

  it("draws a line, and a symbol where there is one", () => {
    const key = keyOf([{ label: "<i>", colour: "red", symbol: "star" }], 300);
    expect(key.querySelectorAll("line, path").length).toBe(2);
    expect(key.querySelector("i")).toBeNull();
  });
});
