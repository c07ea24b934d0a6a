// A stand-in for the browser's own interface, as far as the tests need it.
import { vi } from "vitest";

const kept: Record<string, unknown> = {};

export const browser = {
  storage: {
    local: {
      get: async (key: string) => ({ [key]: kept[key] }),
      set: async (items: object) => void Object.assign(kept, items),
      remove: async (keys: string[]) => {
        for (const key of keys) delete kept[key];
      },
    },
    onChanged: { addListener: vi.fn() },
  },
  i18n: { getUILanguage: () => "en" },
  runtime: { getPlatformInfo: async () => ({ os: "linux" }) },
};

vi.stubGlobal("chrome", browser);
