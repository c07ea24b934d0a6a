import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The built files travel inside the Python package; django-vite finds them by the manifest.
export default defineConfig({
  base: "/static/dist/",
  plugins: [tailwindcss()],
  build: {
    outDir: here("../src/stint/web/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [
        here("kit/src/main.ts"),
        here("kit/src/styles.css"),
        here("mobile/src/main.ts"),
        here("mobile/src/sw.ts"),
      ],
      // htmx can evaluate attributes; our Content-Security-Policy and its setting allowEval forbid it.
      checks: { eval: false },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["*/tests/**/*.test.ts"],
    passWithNoTests: true,
  },
});
