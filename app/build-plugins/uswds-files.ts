import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const FONTS = "node_modules/@uswds/uswds/dist/fonts";
const IMAGES = "node_modules/@uswds/uswds/dist/img";
const URL_OF_ASSET = /\/assets\/(fonts|uswds-img)\/([\w./-]+)/g;

/** Copy the fonts and images that our style sheets name out of the uswds package: none is committed. */
export function uswdsFiles(): Plugin {
  return {
    name: "uswds-files",
    apply: "build",
    generateBundle(_options, bundle) {
      const wanted = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        // woff2 is enough for every browser that can run the app.
        const css = String(file.source).replace(/,\s*url\([^)]*\.(?:woff|ttf)["']?\)\s*format\([^)]*\)/g, "");
        file.source = css;
        for (const [, kind, name] of css.matchAll(URL_OF_ASSET)) wanted.add(`${kind}/${name}`);
      }
      for (const name of wanted) {
        const [kind, ...rest] = name.split("/");
        const source = join(kind === "fonts" ? FONTS : IMAGES, ...rest);
        if (!existsSync(source)) throw new Error(`${source} is named in a style sheet and does not exist`);
        this.emitFile({ type: "asset", fileName: `assets/${name}`, source: readFileSync(source) });
      }
    },
  };
}
