/**
 * The expected and the given value, as lines of text.
 *
 * @module
 */
import type { Counterexample } from '../../../properties/index.js';

/** Values up to this long stand in one line. */
const WIDTH = 110;

/** What differs: the message, without the values if those are shown next to it. */
export function headline({ message, ...values }: Counterexample): string {
  const at = message.indexOf(': expected ');
  return hasValues(values) && at > 0 ? message.slice(0, at) : message;
}

/** Whether there are an expected and a given value to show. */
export function hasValues(values: Pick<Counterexample, 'expected' | 'got'>): boolean {
  return 'expected' in values || 'got' in values;
}

/** A value on one line if it is short, else one entry per line; NaN and the infinities by name. */
export function valueText(value: unknown, indent = ''): string {
  const line = oneLine(value);
  const whole = Array.isArray(value) || (typeof value === 'object' && value !== null);
  if (!whole || indent.length + line.length <= WIDTH) return line;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const deeper = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((entry) => valueText(entry, deeper))
    : Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${valueText(entry, deeper)}`);
  return `${open}\n${entries.map((entry) => `${deeper}${entry}`).join(',\n')}\n${indent}${close}`;
}

/** Lines of a value, each with whether the other value has it at the same place; cut after so many. */
export function markedLines(
  value: unknown,
  other: unknown,
  most: number,
): {
  readonly lines: readonly { readonly text: string; readonly differs: boolean }[];
  readonly more: number;
} {
  const lines = valueText(value).split('\n');
  const others = valueText(other).split('\n');
  // from the first difference on, if the rest is too long to show
  const first = Math.max(
    0,
    lines.findIndex((text, at) => text !== others[at]),
  );
  const from = lines.length > most ? Math.max(0, first - 2) : 0;
  const shown = lines
    .slice(from, from + most)
    .map((text, at) => ({ text, differs: text !== others[from + at] }));
  return {
    lines: from > 0 ? [{ text: '…', differs: false }, ...shown] : shown,
    more: lines.length - from - shown.length,
  };
}

/** JSON in which nothing is lost: values that JSON lacks become strings. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, nameable, indent);
}

function oneLine(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value, nameable)?.replaceAll(',', ', ') ?? String(value);
}

function nameable(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === undefined && (key === 'expected' || key === 'got')) return 'undefined';
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}
