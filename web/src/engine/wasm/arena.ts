// Lays out the one memory before it exists: first every piece gets its address, then the memory is made, then it is filled.

/** Below it stand the kernels' own constants and the first thread's stack. */
export const FIRST_ADDRESS = 131_072;
const LINE = 64; // Of a cache: two threads never write into one.

export const aligned = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** Makes its bytes when the memory is there, so that weights are never held twice. */
interface Piece {
  readonly address: number;
  readonly make: () => ArrayBufferView;
}

/** Something that lives from one step to another, both included. */
export interface Tenant {
  readonly bytes: number;
  readonly from: number;
  readonly until: number;
}

export class Arena {
  private top = FIRST_ADDRESS;
  private readonly pieces: Piece[] = [];

  get bytes(): number {
    return this.top;
  }

  /** Room that stays. It is zero at first. */
  room(bytes: number): number {
    const address = this.top;
    this.top += aligned(bytes);
    return address;
  }

  /** Room with contents. */
  put(bytes: number, make: () => ArrayBufferView): number {
    const address = this.room(bytes);
    this.pieces.push({ address, make });
    return address;
  }

  /** Contents for room that is there already. */
  write(address: number, make: () => ArrayBufferView): void {
    this.pieces.push({ address, make });
  }

  array(values: Float32Array | Int32Array | Uint8Array): number {
    return this.put(values.byteLength, () => values);
  }

  /** Room for tenants, who share it where they do not live at the same time. Their addresses, in their order. */
  share(tenants: readonly Tenant[]): number[] {
    const offsets = tenants.map(() => -1);
    const large = tenants.map((_, i) => i).sort((a, b) => bytesOf(tenants, b) - bytesOf(tenants, a));
    for (const i of large) offsets[i] = firstGap(tenants, offsets, i);
    const total = tenants.reduce(
      (most, tenant, i) => Math.max(most, (offsets[i] ?? 0) + aligned(tenant.bytes)),
      0,
    );
    const base = this.room(total);
    return offsets.map((offset) => base + offset);
  }

  fill(memory: WebAssembly.Memory): void {
    const bytes = new Uint8Array(memory.buffer);
    for (const { address, make } of this.pieces) {
      const { buffer, byteOffset, byteLength } = make();
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), address);
    }
  }
}

const bytesOf = (tenants: readonly Tenant[], i: number): number => tenants[i]?.bytes ?? 0;

/** The lowest place where a tenant meets nobody who lives at the same time. */
function firstGap(tenants: readonly Tenant[], offsets: readonly number[], index: number): number {
  const own = tenants[index];
  if (own === undefined) return 0;
  const taken = tenants
    .map((tenant, i) => ({ start: offsets[i] ?? -1, ...tenant }))
    .filter(({ start, from, until }) => start >= 0 && from <= own.until && own.from <= until)
    .sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, bytes } of taken) {
    if (at + aligned(own.bytes) <= start) break;
    at = Math.max(at, start + aligned(bytes));
  }
  return at;
}
