import { resolve } from "node:path";
import { defineConfig } from "vite";
import { uswdsFiles } from "./build-plugins/fonts";

const uswds = resolve("node_modules/@uswds/uswds/packages");

export default defineConfig({
  css: { preprocessorOptions: { scss: { loadPaths: [uswds, resolve("src/styles")], quietDeps: true } } },
  plugins: [uswdsFiles()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: address would need an opening in the content security policy
    rollupOptions: {
      input: { app: resolve("index.html"), office: resolve("src/styles/office.scss") },
      output: {
        // The office's templates name this file, so it has no hash.
        assetFileNames: (asset) =>
          asset.names.includes("office.css") ? "assets/office.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
});
