// Writes the engine as a package of its own into dist/engine (or KIT_ENGINE_OUT): `npm run engine`. `npm publish dist/engine`
// takes it from there; the example in it runs from any web server.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const out = process.env.KIT_ENGINE_OUT ?? join(web, "dist/engine");
const model = join(web, "../kit/models/bundled/flowers-small/1.1.0");
const run = (program, ...rest) =>
  execFileSync(process.execPath, [join(web, "node_modules", program), ...rest], {
    cwd: web,
    stdio: "inherit",
    env: { ...process.env, KIT_ENGINE_OUT: out },
  });

run("vite/bin/vite.js", "build", "--config", "scripts/engine.config.ts");
run("typescript/bin/tsc", "--project", "scripts/engine.types.json", "--outDir", join(out, "types"));
for (const name of ["package.json", "README.md", "frame.svg"])
  cpSync(join(web, "src/engine", name), join(out, name));
cpSync(join(web, "../LICENSE"), join(out, "LICENSE"));
mkdirSync(join(out, "example"), { recursive: true });
cpSync(join(web, "src/engine/example/index.html"), join(out, "example/index.html"));
if (existsSync(model)) cpSync(model, join(out, "example/flowers-small"), { recursive: true });
console.log(
  `The engine is in ${out}. Try it: python3 -m http.server --directory ${out}, then open /example/`,
);
