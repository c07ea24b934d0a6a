// Custom properties and styles set from the script: lit's own `styleMap` begins with a style attribute, which the
// Content-Security-Policy forbids.
import { type ElementPart, noChange } from "lit";
import { Directive, directive } from "lit/directive.js";

type Styles = Record<string, string | number>;

class Styled extends Directive {
  private before: Styles = {};

  render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Styles]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(styles))
      if (this.before[name] !== value) style.setProperty(name, String(value));
    for (const name of Object.keys(this.before)) if (!(name in styles)) style.removeProperty(name);
    this.before = styles;
    return noChange;
  }
}

/** `<div ${styled({ "--from": 60 })}>` */
export const styled = directive(Styled);
