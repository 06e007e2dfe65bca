// The only place that talks to the API. An answer of any status is an answer; only a missing network rejects.
import type { Failure, Problem } from "./types";

export const API = "/api/v1/";

export interface WireRequest {
  method: "POST" | "PUT" | "DELETE";
  /** Below /api/v1/, for instance `visits/<id>/end`. */
  path: string;
  /** Sent as JSON; null for none. */
  body: unknown;
  /** The visit's secret, or null before there is one. */
  secret: string | null;
  /** Lets the request outlive the page (`pagehide`). Browsers allow 64 kB of such bodies in all. */
  keepalive: boolean;
}

export interface WireAnswer {
  status: number;
  body: unknown;
  /** How long the server asks to wait, where it does. */
  retryAfterMs?: number;
}

export type Send = (request: WireRequest) => Promise<WireAnswer>;

/** The server could not be reached, or broke off. Worth another try. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/** The server understood and said no. `problem.message` is one sentence for people. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** Sends one request. Resolves with any status; rejects with NetworkError. */
export const send: Send = async (request) => {
  try {
    const response = await fetch(API + request.path, fetchOptions(request));
    return { status: response.status, body: await readJson(response), ...retryAfter(response) };
  } catch (error) {
    throw new NetworkError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

/** The body of a good answer, as the type that the API's document gives it. Throws RefusedError for any other. */
export function expectOk<T>(answer: WireAnswer): T {
  if (answer.status >= 200 && answer.status < 300) return answer.body as T;
  throw new RefusedError(answer.status, problemOf(answer));
}

/** What the server says is wrong; words of our own where a proxy in between answered something else. */
export function problemOf(answer: WireAnswer): Problem {
  const failure = answer.body as Partial<Failure> | null;
  if (typeof failure?.error?.message === "string") return failure.error;
  return {
    code: "unreadable",
    field: null,
    message: `The server answered ${answer.status}. Please try again.`,
  };
}

/** Whether trying the same request again can help: not for what the server has understood and refused. */
export function worthRetrying(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

function fetchOptions({ method, body, secret, keepalive }: WireRequest): RequestInit {
  const headers: Record<string, string> = {};
  if (body !== null) headers["Content-Type"] = "application/json";
  if (secret !== null) headers["Authorization"] = `Bearer ${secret}`;
  const options: RequestInit = { method, headers, keepalive, credentials: "omit", cache: "no-store" };
  if (body !== null) options.body = JSON.stringify(body);
  return options;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
}
