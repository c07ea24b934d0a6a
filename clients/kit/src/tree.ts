// The tree of the Projects page is drawn anew when tasks change; what was open opens again.
export function installTree(): void {
  const open = new Set<string>();
  document.addEventListener(
    "toggle",
    (event) => {
      const node = event.target as HTMLDetailsElement;
      if (!node.dataset.node || !node.isConnected) return;
      if (node.open) open.add(node.dataset.node);
      else open.delete(node.dataset.node);
    },
    { capture: true },
  );
  // Once htmx has settled, not merely swapped: until then nobody listens to a node's opening.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const drawn = (event as CustomEvent<{ target: Element }>).detail.target;
    for (const node of drawn.querySelectorAll<HTMLDetailsElement>(
      "[data-tree] details[data-node]:not([open])",
    ))
      if (open.has(node.dataset.node ?? "")) node.open = true;
  });
}
