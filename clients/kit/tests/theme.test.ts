import { beforeEach, describe, expect, it } from "vitest";
import { chooseTheme, chosenTheme } from "../src/theme";

beforeEach(() => {
  document.body.innerHTML =
    '<button data-set-theme=""></button><button data-set-theme="stint-dark"></button>';
});

describe("the theme", () => {
  it("is kept, shown at once and marked in the menu", () => {
    chooseTheme("stint-dark");
    expect(chosenTheme()).toBe("stint-dark");
    expect(document.documentElement.dataset.theme).toBe("stint-dark");
    expect(document.querySelector("[aria-pressed=true]")?.getAttribute("data-set-theme")).toBe("stint-dark");
  });

  it("follows the system again when the choice is taken back", () => {
    chooseTheme("stint-dark");
    chooseTheme("");
    expect(chosenTheme()).toBe("");
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });
});
