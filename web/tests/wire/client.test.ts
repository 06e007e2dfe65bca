import { afterEach, expect, test, vi } from "vitest";

import { NetworkError, RefusedError, expectOk, problemOf, send, worthRetrying } from "../../src/wire/client";

const REQUEST = {
  method: "PUT",
  path: "visits/1/end",
  body: { a: 1 },
  secret: "key",
  keepalive: true,
} as const;

function answerWith(response: Response | Error): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(() =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

test("a request carries the secret, says that it is JSON, and may outlive the page", async () => {
  const fetched = answerWith(Response.json({ stored: true }));
  await send(REQUEST);
  expect(fetched).toHaveBeenCalledWith("/api/v1/visits/1/end", {
    method: "PUT",
    headers: { "Content-Type": "application/json", Authorization: "Bearer key" },
    keepalive: true,
    credentials: "omit",
    cache: "no-store",
    body: '{"a":1}',
  });
});

test("a request without body and secret has neither", async () => {
  const fetched = answerWith(Response.json({}));
  await send({ method: "DELETE", path: "visits/1", body: null, secret: null, keepalive: false });
  expect(fetched.mock.calls[0]?.[1]).toEqual({
    method: "DELETE",
    headers: {},
    keepalive: false,
    credentials: "omit",
    cache: "no-store",
  });
});

test("any status is an answer, with the wait that the server asks for", async () => {
  answerWith(new Response("busy", { status: 503, headers: { "Retry-After": "7" } }));
  expect(await send(REQUEST)).toEqual({ status: 503, body: null, retryAfterMs: 7000 });
});

test("a missing network is an error of its own", async () => {
  answerWith(new TypeError("Failed to fetch"));
  await expect(send(REQUEST)).rejects.toBeInstanceOf(NetworkError);
});

test("a refusal tells the server's sentence, code and field", () => {
  const problem = { code: "conflict", field: "id", message: "make a new id" };
  const answer = { status: 409, body: { error: problem } };
  expect(problemOf(answer)).toEqual(problem);
  expect(() => expectOk(answer)).toThrow(new RefusedError(409, problem));
});

test("an answer that is not the API's own still gets a sentence", () => {
  expect(problemOf({ status: 502, body: null }).message).toContain("502");
  expect(expectOk<{ stored: boolean }>({ status: 200, body: { stored: true } }).stored).toBe(true);
});

test.each([
  [500, true],
  [503, true],
  [408, true],
  [429, true],
  [400, false],
  [403, false],
  [409, false],
  [410, false],
  [413, false],
])("status %i is worth another try: %s", (status, expected) => {
  expect(worthRetrying(status)).toBe(expected);
});
