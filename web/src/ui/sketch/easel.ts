// The drawing area: a canvas that takes pointer and keyboard, over the pure greys and brush.

import "./easel.css";

import { h } from "../dom";
import { type Brush, type Point, Stroke, flowFor } from "./brush";
import { type Grey, SIDE, newGrey, toRgba } from "./grey";
import { History } from "./history";
import { type KeyAction, keyAction } from "./keys";

export interface EaselOptions {
  name: string;
  help: string;
  /** Called after every change, with the greys as they are now. */
  onChange(): void;
  /** Keys that belong to the controls beside the drawing: tone 0..4, size up or down. */
  onTone(index: number): void;
  onSize(step: number): void;
  onUndone(): void;
}

export interface Easel {
  readonly element: HTMLElement;
  readonly grey: Grey;
  brush: Brush;
  /** Replaces the drawing (a sketch, a file, clear); can be undone unless `transient` (webcam pictures). */
  replace(paint: (grey: Grey) => void, transient?: boolean): void;
  undo(): boolean;
  readonly canUndo: boolean;
}

/** The brush that the keyboard and the mouse start with; sizes are pixels of the 256 x 256 drawing. */
export const SIZES = { least: 8, first: 34, most: 80, step: 6 } as const;

const KEYBOARD_FLOW = 0.35;

class CanvasEasel implements Easel {
  readonly element: HTMLElement;
  readonly grey = newGrey();
  brush: Brush = { radius: SIZES.first, tone: 1, flow: flowFor(0, "mouse") };

  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly image: ImageData;
  private readonly cursor: HTMLElement;
  private readonly history = new History();
  private readonly strokes = new Map<number, Stroke>();
  private keyboardAt: Point = { x: SIDE / 2, y: SIDE / 2 };
  private keyboardStroke: Stroke | null = null;
  private drawPending = false;

  constructor(private readonly options: EaselOptions) {
    this.canvas = h("canvas", { width: SIDE, height: SIDE, class: "easel-canvas" });
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser has no 2D canvas");
    this.context = context;
    this.image = context.createImageData(SIDE, SIDE);
    this.cursor = h("span", { class: "easel-cursor", "aria-hidden": "true" });
    const helpId = "easel-help";
    this.element = h(
      "div",
      {
        class: "easel",
        role: "application",
        tabindex: 0,
        "aria-label": options.name,
        "aria-describedby": helpId,
      },
      this.canvas,
      this.cursor,
      h("span", { id: helpId, class: "visually-hidden" }, options.help),
    );
    this.listen();
    this.showCursor();
    this.redraw();
  }

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  replace(paint: (grey: Grey) => void, transient = false): void {
    if (!transient) this.history.remember(this.grey);
    paint(this.grey);
    this.changed();
  }

  undo(): boolean {
    const done = this.history.undo(this.grey);
    if (done) this.changed();
    return done;
  }

  private listen(): void {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.pointerDown(event));
    element.addEventListener("pointermove", (event) => this.pointerMove(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      element.addEventListener(type, (event) => this.strokes.delete(event.pointerId));
    }
    element.addEventListener("keydown", (event) => this.keyDown(event));
    element.addEventListener("keyup", (event) => {
      if (event.key === " ") this.keyboardStroke = null;
    });
    element.addEventListener("blur", () => (this.keyboardStroke = null));
  }

  /** Position in the drawing; the element may be shown at any size. */
  private positionOf(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * SIDE,
      y: ((event.clientY - box.top) / box.height) * SIDE,
    };
  }

  private pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.history.remember(this.grey);
    const stroke = new Stroke(this.grey);
    this.strokes.set(event.pointerId, stroke);
    this.paint(stroke, event);
    this.changed();
  }

  private pointerMove(event: PointerEvent): void {
    const stroke = this.strokes.get(event.pointerId);
    if (!stroke) return;
    // A pen reports several positions between two animation frames; without them fast curves become polygons.
    const positions = event.getCoalescedEvents?.() ?? [];
    for (const position of positions.length > 0 ? positions : [event]) this.paint(stroke, position);
    this.changed();
  }

  private paint(stroke: Stroke, event: PointerEvent): void {
    const flow = flowFor(event.pressure, event.pointerType);
    stroke.moveTo(this.positionOf(event), { ...this.brush, flow });
  }

  private keyDown(event: KeyboardEvent): void {
    const action = keyAction(event);
    if (!action) return;
    event.preventDefault();
    this.runKey(action, event.repeat);
  }

  private runKey(action: KeyAction, repeated: boolean): void {
    if (action.type === "move") this.keyboardMove(action.dx, action.dy);
    else if (action.type === "paint" && !repeated) this.keyboardPaint();
    else if (action.type === "tone") this.options.onTone(action.index);
    else if (action.type === "size") this.options.onSize(action.step);
    else if (action.type === "undo" && this.undo()) this.options.onUndone();
  }

  private keyboardPaint(): void {
    this.history.remember(this.grey);
    this.keyboardStroke = new Stroke(this.grey);
    this.keyboardStroke.moveTo(this.keyboardAt, { ...this.brush, flow: KEYBOARD_FLOW });
    this.changed();
  }

  private keyboardMove(dx: number, dy: number): void {
    const within = (value: number): number => Math.min(SIDE - 1, Math.max(0, value));
    this.keyboardAt = { x: within(this.keyboardAt.x + dx), y: within(this.keyboardAt.y + dy) };
    this.showCursor();
    if (!this.keyboardStroke) return;
    this.keyboardStroke.moveTo(this.keyboardAt, { ...this.brush, flow: KEYBOARD_FLOW });
    this.changed();
  }

  /** The ring that stands for the brush while the keyboard has the focus. */
  showCursor(): void {
    const { style } = this.cursor;
    style.left = `${(this.keyboardAt.x / SIDE) * 100}%`;
    style.top = `${(this.keyboardAt.y / SIDE) * 100}%`;
    style.width = `${((this.brush.radius * 2) / SIDE) * 100}%`;
  }

  private changed(): void {
    this.redraw();
    this.options.onChange();
  }

  private redraw(): void {
    if (this.drawPending) return;
    this.drawPending = true;
    requestAnimationFrame(() => {
      this.drawPending = false;
      toRgba(this.grey, this.image.data);
      this.context.putImageData(this.image, 0, 0);
      this.showCursor();
    });
  }
}

export function createEasel(options: EaselOptions): Easel {
  return new CanvasEasel(options);
}
