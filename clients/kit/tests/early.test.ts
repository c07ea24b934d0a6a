import { expect, it, vi } from "vitest";
import { withEarlyClick } from "../src/early";

it("does again what was clicked before the part had come, once", async () => {
  document.body.innerHTML = '<div id="tree"><button>Actions</button></div>';
  const tree = document.getElementById("tree") as HTMLElement;
  const pressed = vi.fn();
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });

  const ready = withEarlyClick(tree, async () => {
    await arrived;
    tree.addEventListener("click", (event) => pressed((event.target as Element).tagName));
  });
  tree.querySelector("button")?.click();
  arrive();
  await ready;

  expect(pressed.mock.calls).toEqual([["BUTTON"]]);
});

it("does nothing where nothing was clicked", async () => {
  document.body.innerHTML = '<div id="tree"></div>';
  const tree = document.getElementById("tree") as HTMLElement;
  const pressed = vi.fn();

  await withEarlyClick(tree, async () => tree.addEventListener("click", pressed));

  expect(pressed).not.toHaveBeenCalled();
});
