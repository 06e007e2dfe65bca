// Builds the engine alone: modules that a page loads as they are, one for each entry of its package.json.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const entry = (path: string): string => at(`../src/engine/${path}index.ts`);

export default defineConfig({
  root: at("../src/engine"),
  base: "./",
  publicDir: false,
  logLevel: "warn",
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "assets/[name]-[hash].js" } } },
  build: {
    outDir: process.env["KIT_ENGINE_OUT"] ?? at("../dist/engine"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      preserveEntrySignatures: "strict",
      input: {
        index: entry(""),
        webgl: entry("webgl/"),
        webgpu: entry("webgpu/"),
        wasm: entry("wasm/"),
        read: entry("read/"),
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
});
