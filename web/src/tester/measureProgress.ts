// How far the measuring is: blocks done, and the seconds that the current block says it still takes. Pure.

export class MeasureProgress {
  private running = false;
  private leftInBlock: number;
  private most = 0;

  /** `done` blocks of `count` were finished before (a reload in the middle). */
  constructor(
    readonly count: number,
    private done: number,
    private readonly perBlock: number,
  ) {
    this.leftInBlock = perBlock;
  }

  blockStarted(): void {
    this.running = true;
    this.leftInBlock = this.perBlock;
  }

  phase(secondsLeft: number): void {
    this.leftInBlock = secondsLeft;
  }

  blockFinished(): void {
    if (!this.running) return;
    this.running = false;
    this.done = Math.min(this.count, this.done + 1);
    this.leftInBlock = this.perBlock;
  }

  /** The block that is being measured, counted from 1. */
  current(): number {
    return Math.min(this.count, this.done + 1);
  }

  secondsLeft(): number {
    const blocks = this.count - this.done;
    return blocks <= 0 ? 0 : this.leftInBlock + (blocks - 1) * this.perBlock;
  }

  /** From 0 to 1; never goes back, even when a block turns out longer than thought. */
  part(): number {
    if (this.count === 0) return 1;
    const inBlock = this.running ? Math.max(0, 1 - this.leftInBlock / this.perBlock) : 0;
    this.most = Math.max(this.most, Math.min(1, (this.done + Math.min(0.98, inBlock)) / this.count));
    return this.most;
  }
}
