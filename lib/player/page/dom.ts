/**
 * Elements of the page. What a run says is only ever set as text.
 *
 * @module
 */
/// <reference lib="dom" />

/** Attributes; `undefined` and `false` are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What stands in an element. */
export type Child = Element | string;

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** An element of SVG. */
export function svg(name: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement, attributes, children);
}

/** An element of HTML. */
export function html(name: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  return filled(document.createElement(name), attributes, children);
}

/** Set `attributes` of `element` where they are others. */
export function change(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, `${value}`);
  }
}

/** A button. */
export function button(label: string, action: () => void, attributes: Attributes = {}): HTMLElement {
  const made = html("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", action);
  return made;
}

/** Choices for a select: what each is called, by its value. */
export function options(all: Readonly<Record<string, string>>): HTMLElement[] {
  return Object.entries(all).map(([value, words]) => html("option", { value }, words));
}

/** The element of the page with this id: of HTML, if nothing else is said. */
export function part(id: string): HTMLElement;
export function part<E extends Element>(id: string, type: new () => E): E;
export function part(id: string, type: new () => Element = HTMLElement): Element {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no ${id}`);
  return element;
}

/** Let the element with this id say `words`; if it does already nothing is announced again. */
export function text(id: string, words: string): void {
  const element = part(id);
  if (element.textContent !== words) element.textContent = words;
}
