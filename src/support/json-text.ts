/**
 * JSON as people read and write it.
 *
 * @module
 */

/**
 * Parses JSON that a person wrote. Editors of Windows and PowerShell begin a file with a byte order mark, which
 * nobody sees.
 *
 * @throws SyntaxError - as JSON.parse does, and for text in UTF-16, which PowerShell writes too
 */
export function parsedJson(text: string): unknown {
  if (text.includes('\0')) throw new SyntaxError('the text is not UTF-8 (UTF-16?): save it as UTF-8');
  return JSON.parse(text.replace(/^\ufeff/, ''));
}

/** JSON with one line per field; a list of numbers stands on one line. */
export function indentedJson(content: unknown): string {
  // through JSON once, so that what has no JSON is left out as JSON.stringify leaves it out
  return rendered(JSON.parse(JSON.stringify(content)), '');
}

function rendered(value: unknown, indent: string): string {
  const within = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return JSON.stringify(value);
    return block(
      '[',
      ']',
      value.map((item) => rendered(item, within)),
      indent,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, its]) => `${JSON.stringify(name)}: ${rendered(its, within)}`,
    );
    return fields.length === 0 ? '{}' : block('{', '}', fields, indent);
  }
  return JSON.stringify(value);
}

function block(open: string, close: string, lines: readonly string[], indent: string): string {
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}
