import { defineConfig } from "vite";

// One entry per audience. The server finds the built files through the manifest, so names may carry hashes.
export default defineConfig({
  base: "/static/dist/",
  publicDir: "public",
  build: {
    outDir: "../kit/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: {
        tester: "src/tester/main.ts",
        dashboard: "src/dashboard/main.ts",
        lab: "src/lab/main.ts",
        bench: "src/bench/main.ts",
        pages: "src/ui/pages.ts",
      },
    },
  },
});
