import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// tools/extension.py runs this twice into one folder: for the pages and the background, which are modules, and with `--mode button` for
// the script on other pages, which the browser takes in one piece only.
export default defineConfig(({ mode }) => ({
  root: here("pages"),
  base: "./",
  plugins: [tailwindcss()],
  build: {
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions:
      mode === "button"
        ? {
            input: here("src/button.ts"),
            output: { format: "iife", entryFileNames: "button.js" },
          }
        : {
            input: {
              background: here("src/background.ts"),
              popup: here("pages/popup.html"),
              options: here("pages/options.html"),
            },
            output: {
              entryFileNames: "[name].js",
              chunkFileNames: "parts/[name].js",
              assetFileNames: "parts/[name][extname]",
            },
          },
  },
}));
