// What to run on one machine. Names and section are those that `kit gpu RENDERER` gives for its renderer string.
export function choose(advice, machine) {
  if (advice.schema !== 1) throw new Error(`advice of schema ${advice.schema} is not known here`);
  const names = { gpu: machine.gpu, family: machine.family, class: machine.class, default: "" };
  const rule = advice.rules.find(
    (one) => one.section === machine.section && one.name === names[one.place],
  );
  return rule?.ship ?? null; // null: nothing is proven for this machine
}

// const advice = await (await fetch("advisor.json")).json();
// const gpu = { section: "exact", gpu: "NVIDIA GeForce RTX 3060", family: "NVIDIA Ampere", class: "discrete" };
// const ship = choose(advice, gpu);
// if (ship) start(ship.model, ship.version, ship.mode);
// else start("flowers-tiny", "1.1.0", "tfjs-webgl"); // what you would do without advice
