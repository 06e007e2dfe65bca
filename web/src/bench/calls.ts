// How many calls of WebGL2 a picture takes, and how many of them draw.

export interface Calls {
  readonly calls: number;
  readonly draws: number;
}

type Method = (this: unknown, ...rest: unknown[]) => unknown;

const DRAWS = /^draw(Arrays|Elements|RangeElements)/;

/** Counts what `work` calls on all contexts of the page; they are as before afterwards. */
export async function countCalls(work: () => Promise<void> | void): Promise<Calls> {
  const context = WebGL2RenderingContext.prototype as unknown as Record<string, unknown>;
  const own = Object.entries(Object.getOwnPropertyDescriptors(context)).filter(
    ([name, { value }]) => typeof value === "function" && name !== "constructor",
  );
  let [calls, draws] = [0, 0];
  for (const [name, { value }] of own) {
    const method = value as Method;
    context[name] = function (this: unknown, ...rest: unknown[]) {
      calls += 1;
      if (DRAWS.test(name)) draws += 1;
      return method.apply(this, rest);
    };
  }
  try {
    await work();
  } finally {
    for (const [name, descriptor] of own) Object.defineProperty(context, name, descriptor);
  }
  return { calls, draws };
}
