// Builds main.ts for Node into a folder given by KIT_CASES_OUT: Node itself does not find modules without an extension.
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  logLevel: "warn",
  build: {
    ssr: "main.ts",
    outDir: process.env["KIT_CASES_OUT"] ?? "/tmp/kit-cases",
    emptyOutDir: true,
    target: "es2022",
  },
});
