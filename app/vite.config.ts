import { resolve } from "node:path";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { uswdsFiles } from "./build-plugins/uswds-files.ts";

const uswds = resolve("node_modules/@uswds/uswds/packages");
export default defineConfig({
  css: { preprocessorOptions: { scss: { loadPaths: [uswds, resolve("src/styles")], quietDeps: true } } },
  plugins: [
    uswdsFiles(),
    VitePWA({
      // Our own small one, because it also sends evidence and renews in the evening; the caching is Workbox's.
      strategies: "injectManifest",
      srcDir: "src/service-worker",
      filename: "sw.ts",
      registerType: "prompt", // src/updates.ts decides when a new version takes over
      injectRegister: false,
      manifest: {
        id: "/",
        name: "Schoolday",
        short_name: "Schoolday",
        start_url: "/",
        display: "standalone",
        background_color: "#eff6fb",
        theme_color: "#0b4778",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      injectManifest: {
        // Also the live part and all languages: at the bell nothing is fetched any more.
        globPatterns: ["**/*.{js,css,html,svg,png,woff2}"],
        // pdf.js is a teacher's alone: her device fetches it when her class opens (live/teach/slides).
        globIgnores: ["assets/office.css", "assets/pdf*", "assets/uswds-img/**", "icon-maskable-512.png", "icon-512.png"],
        maximumFileSizeToCacheInBytes: 3 * 2 ** 20,
        rollupFormat: "iife", // a classic script: what loads parts later is put inside
        target: "es2022",
        sourcemap: false,
      },
    }),
  ],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: address would need an opening in the content security policy
    chunkSizeWarningLimit: 700,
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
