import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const images = readdirSync(here("./src/img/")).map((name) => here(`./src/img/${name}`));

/** One SVG with the icons named in src/icons.txt, and no other, out of the Lucide set. */
function iconSprite() {
  const symbol = (name) => {
    const svg = readFileSync(here(`./node_modules/lucide-static/icons/${name}.svg`), "utf8");
    const shapes = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  };
  return {
    name: "icon-sprite",
    buildStart() {
      this.addWatchFile(here("./src/icons.txt"));
    },
    generateBundle() {
      const names = readFileSync(here("./src/icons.txt"), "utf8").split("\n").filter(Boolean);
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "src/icons.svg", source });
    },
  };
}

export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [iconSprite()],
  build: {
    outDir: here("../src/reciproca/web/assets"),
    emptyOutDir: true,
    manifest: "manifest.json",
    // The content-security policy allows neither inline styles nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: [here("./src/main.js"), here("./src/till/till.js"), here("./src/sw.js"), ...images],
      // A view serves the service worker, whose address never changes.
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
});
