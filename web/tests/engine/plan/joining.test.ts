import { describe, expect, it } from "vitest";
import { lastUses, makePlan } from "../../../src/engine/plan";
import type { Joining, Network, Plan } from "../../../src/engine/plan";
import { runPlan } from "../../../src/engine/reference";
import { conv, concat, network, numbers } from "./networks";

const KERNELS = {
  k4: [1, 1, 4, 4],
  k3: [1, 1, 4, 3],
  k8: [1, 1, 8, 4],
  k7: [1, 1, 7, 4],
  k12: [1, 1, 12, 4],
  v: [3, 3, 4],
};
const ALIGNED: Joining = { by: "write", align: 4 };
const make = (name: string, input = "input", kernel = "k4") =>
  conv(name, input, [3, 3, kernel === "k3" ? 3 : 4], kernel);
const constant = { name: "constant", op: "constant", inputs: [], shape: [3, 3, 4], value: "v" };
const net = (...nodes: Parameters<typeof network>[2][]): Network => network([3, 3, 4], KERNELS, ...nodes);

const homes = (plan: Plan) =>
  Object.fromEntries(
    plan.values.flatMap(({ name, home }) => (home ? [[name, `${home.value.name}+${home.channel}`]] : [])),
  );
const kinds = ({ steps }: Plan) => steps.map(({ kind, name }) => `${kind} ${name}`);

describe("channels that are joined by writing", () => {
  it("have their home in the joined value", () => {
    const plan = makePlan(
      net(make("a"), make("b"), concat("j", ["a", "b"], [3, 3, 8]), make("c", "j", "k8")),
      ALIGNED,
    );
    expect(homes(plan)).toEqual({ a: "j+0", b: "j+4" });
    expect(kinds(plan)).toEqual(["conv a", "conv b", "conv c"]);
  });

  it.each([
    ["the input", [make("a"), concat("j", ["a", "input"], [3, 3, 8])], 8],
    ["a constant", [make("a"), constant, concat("j", ["a", "constant"], [3, 3, 8])], 8],
    ["a value twice", [make("a"), concat("j", ["a", "a"], [3, 3, 8])], 8],
    [
      "a part between alignments",
      [make("a", "input", "k3"), make("b"), concat("j", ["a", "b"], [3, 3, 7])],
      7,
    ],
  ] as const)("are copied where one is %s", (_, nodes, channels) => {
    const plan = makePlan(net(...nodes, make("c", "j", `k${channels}`)), ALIGNED);
    expect(homes(plan)).toEqual({});
    expect(kinds(plan)).toContain("join j");
  });

  it("have one home only, however many joins they are part of", () => {
    const nodes = [
      make("a"),
      make("b"),
      concat("j", ["a", "b"], [3, 3, 8]),
      concat("k", ["b", "a"], [3, 3, 8]),
    ];
    const plan = makePlan(
      net(...nodes, make("c", "j", "k8"), make("d", "k", "k8"), concat("l", ["c", "d"], [3, 3, 8])),
      ALIGNED,
    );
    expect(homes(plan)).toEqual({ a: "j+0", b: "j+4", c: "l+0", d: "l+4" });
    expect(kinds(plan)).toEqual(["conv a", "conv b", "join k", "conv c", "conv d"]);
  });
});

describe("channels that are joined by reading", () => {
  it("are read by a convolution and copied for anything else", () => {
    const joined = [make("a"), make("b"), concat("j", ["a", "b"], [3, 3, 8])];
    const read = makePlan(net(...joined, make("c", "j", "k8")), { by: "read" });
    expect(kinds(read)).toEqual(["conv a", "conv b", "conv c"]);
    expect(read.steps[2]?.inputs.map(({ name }) => name)).toEqual(["a", "b"]);
    const square = { name: "s", op: "square", inputs: ["j"], shape: [3, 3, 8] };
    expect(kinds(makePlan(net(...joined, square), { by: "read" }))).toEqual([
      "conv a",
      "conv b",
      "join j",
      "map s",
    ]);
  });

  it("are flat, however deep they were joined, and whole where they are the output", () => {
    const nodes = [
      make("a"),
      concat("j", ["a", "input"], [3, 3, 8]),
      make("b"),
      concat("k", ["j", "b"], [3, 3, 12]),
    ];
    const plan = makePlan(net(...nodes), { by: "read" });
    expect(plan.steps.at(-1)?.inputs.map(({ name }) => name)).toEqual(["a", "input", "b"]);
    expect(plan.output.name).toBe("k");
  });
});

it("leaves out what the output does not need", () => {
  expect(kinds(makePlan(net(make("a"), make("lost", "a"), make("b", "a")), ALIGNED))).toEqual([
    "conv a",
    "conv b",
  ]);
});

describe.each<Joining>([{ by: "read" }, ALIGNED])("lastUses, joined by $by", (joining) => {
  const nodes = [
    make("a"),
    make("b", "a"),
    concat("j", ["b", "a"], [3, 3, 8]),
    make("c", "j", "k8"),
    make("d", "c"),
  ];
  const plan = makePlan(net(...nodes, concat("e", ["d", "input"], [3, 3, 8]), make("f", "e", "k8")), joining);
  const tensor = (name: string) =>
    numbers(
      KERNELS[name as keyof typeof KERNELS].reduce((x, y) => x * y, 1),
      name.length,
    );

  it("lets memory go at once, and never too early", () => {
    const last = lastUses(plan);
    const expected = runPlan(plan, tensor, numbers(36)).read(plan.output);
    const got = runPlan(plan, tensor, numbers(36), (i, store) => {
      for (const value of plan.values)
        if (last[value.id] === i)
          store.write(value, new Float32Array(value.shape[0] * value.shape[1] * value.shape[2]).fill(NaN));
    }).read(plan.output);
    expect(got).toEqual(expected);
    expect(last[plan.output.id]).toBe(Infinity);
  });

  it("names the last step that touches a value or its home", () => {
    const last = new Map(plan.values.map(({ id, name }) => [name, lastUses(plan)[id]]));
    const step = (name: string) => plan.steps.findIndex((one) => one.name === name);
    expect(last.get("a")).toBe(step("c"));
    expect(last.get("input")).toBe(joining.by === "read" ? step("f") : step("e"));
    expect(last.get("d")).toBe(joining.by === "read" ? step("f") : step("e"));
    if (joining.by === "write") expect(last.get("j")).toBe(step("c"));
  });
});
