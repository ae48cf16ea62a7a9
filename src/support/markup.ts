/**
 * HTML from templates: what is put into one is escaped, unless it is itself from a template.
 *
 * @module
 */

/** Text that is HTML already. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** What a template takes: nothing, text, markup, or lists of them. */
export type Insert = string | number | Markup | null | undefined | false | readonly Insert[];

/**
 * A template of HTML or SVG: text in it is escaped, and lists are joined.
 *
 * @example
 * ```ts
 * // html`<p>${'a < b'}</p>`.text is '<p>a &lt; b</p>'
 * ```
 */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.map((part, at) => part + insert(inserts[at])).join(''));
}

/** Text as HTML shows it, in content and in quoted attributes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (c) => entities[c] as string);
}

function insert(value: Insert): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(insert).join('');
  return escaped(String(value));
}
