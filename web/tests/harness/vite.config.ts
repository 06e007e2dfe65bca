// Builds the harness page for the browser tests into a folder given by KIT_HARNESS_OUT.
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/harness/",
  publicDir: "../../public",
  logLevel: "warn",
  build: {
    outDir: process.env["KIT_HARNESS_OUT"] ?? "/tmp/kit-harness",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 3000,
  },
});
