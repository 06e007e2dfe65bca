// Lint rules of the front end. Beside the usual strict set they hold the directions of imports:
//
//   engine <- runners <- measure <- tester, lab <- bench      wire, ui <- tester, lab, dashboard
//
// The engine imports nothing outside itself, and the dashboard never imports engine or runners.
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const PARTS = ["engine", "runners", "measure", "wire", "ui", "tester", "lab", "bench", "dashboard"];

/** What each part may import besides itself. The tests in tests/house plant a violation of each line. */
const MAY_IMPORT = {
  engine: [],
  runners: ["engine"],
  measure: ["runners", "engine", "wire"],
  wire: [],
  ui: [],
  tester: ["measure", "runners", "engine", "wire", "ui"],
  lab: ["measure", "runners", "engine", "wire", "ui"],
  bench: ["lab", "measure", "runners", "engine", "wire"],
  dashboard: ["wire", "ui"],
};

/** One rule for one part: any path that climbs out and into another part is refused, unless it is listed. */
function directions(part) {
  const refused = PARTS.filter((other) => other !== part && !MAY_IMPORT[part].includes(other));
  const patterns = [
    {
      regex: `^(\\.{1,2}/)+(src/)?(${refused.join("|")})(/|$)`,
      message: `${part}/ may import ${MAY_IMPORT[part].join(", ") || "nothing"} besides itself: see ARCHITECTURE in README.md.`,
    },
  ];
  if (part === "engine") {
    patterns.push({
      regex: "^[^.]",
      message: "engine/ uses no package: it must run wherever a browser does.",
    });
  }
  return {
    files: [`src/${part}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default defineConfig(
  { ignores: ["node_modules/", "src/wire/types.ts", "public/", "dist/", "tests/.artifacts/"] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-undef": "off", // TypeScript does this, and knows the DOM
      "@typescript-eslint/no-floating-promises": "error", // a lost rejection is a run that vanishes
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportDefaultDeclaration",
          message: "Named exports only: a name is the same everywhere.",
        },
      ],
    },
  },
  {
    // A tool's own configuration has to be its default export.
    files: ["**/*.config.ts", "**/*.config.js"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["scripts/**"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
    rules: { "no-console": "off" },
  },
  {
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" }, // a test may insist
  },
  ...PARTS.map(directions),
);
