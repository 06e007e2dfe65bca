// The JSON behind the table by hardware (`/admin/data/hardware.json`), as far as the charts read it.

export interface Spread {
  median: number;
  low: number;
  high: number;
  machines: number;
}

/** One line of the table: a GPU in one model, mode, variant and browser. */
export interface HardwareRow {
  section: "exact" | "blurred" | "software" | "unsent";
  gpu: string;
  gpu_blurred: boolean;
  model: string;
  version: string;
  mode: string;
  /** What the study asked of the mode, such as "threads=1"; mostly "". */
  wishes: string;
  threads: number | null;
  precision: string;
  browser: string | null;
  machines_started: number;
  fps: Spread | null;
  machines_fps: number[];
}

export interface HardwareData {
  targets_fps: number[];
  rows: HardwareRow[];
}

/** Fetch the figures that the page's own filters select. */
export async function loadHardware(url: string): Promise<HardwareData> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as HardwareData;
}
