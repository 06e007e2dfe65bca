// Logs of shader compilers, in lines and words.

export interface Complaint {
  /** In the shader's source, from 1; 0 where the log names none. */
  readonly line: number;
  readonly text: string;
}

/** `ERROR: 0:12: 'x' : undeclared identifier` (ANGLE), `0:12(3): error: text` (Mesa), `0(12) : error C1: text` (NVIDIA). */
const FORMS = [/^ERROR:\s*\d+:(\d+):\s*(.+)$/, /^\d+:(\d+)\(\d+\):\s*(.+)$/, /^\d+\((\d+)\)\s*:\s*(.+)$/];

function readLine(line: string): Complaint {
  for (const form of FORMS) {
    const found = form.exec(line);
    if (found !== null) return { line: Number(found[1]), text: found[2] ?? "" };
  }
  return { line: 0, text: line };
}

export const inWords = ({ line, text }: Complaint): string => (line > 0 ? `line ${line}: ${text}` : text);

/** Every complaint of a log, in its order; at most twenty. */
export function readComplaints(log: string): Complaint[] {
  const lines = log.split(/[\n\0]/).map((line) => line.trim());
  return lines.filter(Boolean).slice(0, 20).map(readLine);
}
