/**
 * Text of others that is printed.
 *
 * @module
 */

/** Whether a text can be printed as it is: it moves no terminal's cursor and hides no earlier output. */
export function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

/** A text with what is not printable in the notation of JSON. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (mark) => {
    const digits = (mark.codePointAt(0) as number).toString(16).padStart(4, '0');
    return `\\u${digits}`;
  });
}
