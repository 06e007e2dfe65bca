// The picture that follows the drawing. Pictures are made while something happens (and a while longer, so that the
// figures of play are steady), then it rests: a phone should not grow hot over a drawing that nobody touches.

import type { LoadedBundle } from "../../engine/bundle";
import { AUTO, chooseMode, forgetChoice } from "../../measure/auto";
import { createPlayer, type Player } from "../../measure/player";
import type { Frame } from "../../runners/types";
import { disposeRunners } from "../../measure/pool";
import { type Grey, SIDE, toRgba } from "../../ui/sketch/grey";
import { reasonOf } from "../step";
import type { Visit } from "../visit";
import { pictureOf, toPng } from "./snapshot";
import { playModes } from "./conditionPicker";
import type { Condition } from "./conditionPicker";

/** How long pictures go on after the last change. */
const AWAKE_MS = 12_000;

export interface LivePictureOptions {
  visit: Visit;
  /** The model of a condition. */
  bundle(condition: Condition): LoadedBundle;
  host: HTMLElement;
  /** What screen readers call the canvas. */
  label: string;
  /** The greys as they are now; called before each picture. */
  read(): Grey;
  /** New pictures a second, or null while it rests. */
  onFps(fps: number | null): void;
  /** A sentence when the mode stops working, null when one works again. */
  onError(message: string | null): void;
}

export class LivePicture {
  private readonly frame: Frame = { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4) };
  private player: Player | null = null;
  private condition: Condition | null = null;
  private changedAt = performance.now();
  private continuous = false;
  private resting = false;
  private local = false;
  private gone = false;
  /** Changes of mode wait for each other: two runners at once would disturb each other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: LivePictureOptions) {}

  changed(): void {
    this.changedAt = performance.now();
    this.resting = false;
  }

  /** The webcam changes every frame. */
  setContinuous(continuous: boolean): void {
    this.continuous = continuous;
    this.changed();
  }

  choose(condition: Condition): Promise<void> {
    this.turn = this.turn.then(() => this.start(condition));
    return this.turn;
  }

  dispose(): void {
    this.gone = true;
    void this.turn.then(() => this.stop());
  }

  /** The picture of the drawing as it is now, as a PNG file. Rejects where the graphics card does not give it back. */
  async savePicture(): Promise<Blob | null> {
    const { player, condition } = this;
    if (!player || !condition) return null;
    player.stop();
    try {
      toRgba(this.options.read(), this.frame.data);
      const bundle = this.options.bundle(condition);
      const [, width] = bundle.manifest.output.shape;
      return await toPng(await pictureOf(condition.mode, bundle, this.frame), width);
    } finally {
      await player.start();
    }
  }

  private async start({ model, mode }: Condition): Promise<void> {
    const before = this.player;
    this.stop();
    await before?.settled();
    if (this.gone) return;
    const { visit, host, label, onFps, onError } = this.options;
    this.changed();
    try {
      const bundle = this.options.bundle({ model, mode });
      // Runners are kept by their model's hash, which says nothing of the ranges and the size that were chosen for it.
      if (bundle.local === true || this.local) disposeRunners();
      this.local = bundle.local === true;
      const chosen = mode === AUTO ? await this.chooseFor(bundle) : mode;
      if (this.gone) return;
      const player = createPlayer({
        bundle,
        mode: chosen,
        host,
        label,
        source: () => this.nextFrame(),
        visitStart: visit.visitStart(),
        on: ({ fps }) => {
          if (!this.resting) onFps(fps);
        },
        onRun: (id, report) => void visit.addRun(id, report),
        onError: (message) => {
          forgetChoice(bundle);
          onError(message);
        },
      });
      this.player = player;
      this.condition = { model, mode: chosen };
      await player.start();
      // A model that took longer to prepare than pictures go on would otherwise never paint its first.
      this.changed();
      onError(null);
    } catch (error) {
      onError(reasonOf(error));
    }
  }

  private chooseFor(bundle: LoadedBundle): Promise<string> {
    const otherwise = playModes(this.options.visit.config).find((mode) => mode !== AUTO) ?? "";
    return chooseMode({ bundle, otherwise });
  }

  private stop(): void {
    this.player?.stop();
    this.player?.dispose();
    this.player = null;
    this.condition = null;
  }

  private nextFrame(): Frame | null {
    const quiet = !this.continuous && performance.now() - this.changedAt > AWAKE_MS;
    if (quiet) {
      if (!this.resting) this.options.onFps(null);
      this.resting = true;
      return null;
    }
    toRgba(this.options.read(), this.frame.data);
    return this.frame;
  }
}
