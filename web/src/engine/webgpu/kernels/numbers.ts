// Sizes that a shader reads from a buffer: layers that differ only in these share one text, so one pipeline.

export class Numbers {
  private readonly values: number[] = [];
  private readonly table: number[] = [];

  /** The name of a number. The same calls in the same order give the same names, whatever the numbers are. */
  of(value: number): string {
    this.values.push(value);
    return `n${this.values.length - 1}`;
  }

  /** Rows of as many numbers each, behind all others; `row` is WGSL of an index. */
  rows(rows: readonly (readonly number[])[], row: string): (column: number) => string {
    this.table.push(...rows.flat());
    const width = rows[0]?.length ?? 0;
    return (column) => `numbers[COUNT+(${row})*${width}+${column}]`;
  }

  all(): Int32Array {
    return Int32Array.from([...this.values, ...this.table]);
  }

  /** `body` with its numbers, read from the buffer called `buffer`. */
  declared(buffer: string, body: string): string {
    const lets = this.values.map((_, i) => `let n${i}=${buffer}[${i}];`);
    const text = body.replaceAll("numbers[COUNT", `${buffer}[${this.values.length}`);
    return `${lets.join("")}\n${text}`;
  }
}
