/**
 * The parts of a browser that the page uses. This project is compiled for Node, whose types lack them.
 *
 * @module
 */

/** What may stand inside an element: text is shown as text, never as markup. */
export type Content = string | PageElement;

/** An element of the page. */
export interface PageElement {
  textContent: string | null;
  value: string;
  checked: boolean;
  hidden: boolean;
  disabled: boolean;
  append(...contents: Content[]): void;
  replaceChildren(...contents: Content[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
  click(): void;
}

interface PageDocument {
  getElementById(id: string): PageElement | null;
  createElement(tag: string): PageElement;
}

const { document } = globalThis as unknown as { readonly document: PageDocument };

/** The element with an id. The page's markup has all that its script asks for. */
export function byId(id: string): PageElement {
  return document.getElementById(id) as PageElement;
}

/** A new element. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...contents: Content[]
): PageElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...contents);
  return made;
}

/** Gives the reader a file to keep. */
export function download(name: string, type: string, content: string): void {
  const { Blob, URL } = globalThis as unknown as {
    readonly Blob: new (parts: string[], options: { type: string }) => object;
    readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  };
  const url = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
