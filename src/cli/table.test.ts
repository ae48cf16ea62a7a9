import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { table } from './table.js';
import { wrapped } from './terminal.js';

const HEAD = ['stage', ...Array.from({ length: 13 }, (_, k) => `backend-${k}/engine`)];
const ROWS = ['selectMinority', 'rectificationLoss'].map((stage) => [
  stage,
  ...Array.from({ length: 13 }, (_, k) => `passed ${k} of 12 [1]`),
]);
const widest = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));

describe('a table', () => {
  it.each([60, 80, 120, 200])('fits %i columns, and loses nothing', (width) => {
    const drawn = table(HEAD, ROWS, width);
    expect(widest(drawn)).toBeLessThanOrEqual(width);
    const words = drawn.replaceAll(/[│─┌┐└┘├┤┬┴┼\s]/g, '');
    for (const cell of [...HEAD, 'rectificationLoss']) expect(words).toContain(cell.slice(0, 10));
    expect(drawn.match(/selectMinority/g)?.length).toBe(drawn.split('┌').length - 1); // the first column is in each
  });

  it('is whole where it fits, and where no width is known', () => {
    const natural = table(HEAD, ROWS, Number.POSITIVE_INFINITY);
    expect(natural.split('┌').length).toBe(2);
    expect(table(['a', 'b'], [[1, 'x']], 60)).toBe(table(['a', 'b'], [[1, 'x']], Number.POSITIVE_INFINITY));
  });

  it('wraps a cell with a long word', () => {
    const drawn = table(['key', 'value'], [['a', 'x'.repeat(200)]], 60);
    expect(widest(drawn)).toBeLessThanOrEqual(60);
    expect(drawn.match(/x/g)?.length).toBe(200);
  });

  it.each([0, 1, 5])('does not break at width %i', (width) => {
    expect(table(HEAD, ROWS, width)).toContain('┌');
  });
});

describe('wrapped text', () => {
  it('fits, keeps its indent and its words', () => {
    const text = `  claim: ${'the whole walk gives '.repeat(10)}`.trimEnd();
    const lines = wrapped(text, 60, 2).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.slice(1).every((line) => line.startsWith('    t') || /^ {4}\S/.test(line))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text.trim());
    expect(wrapped(text, Number.POSITIVE_INFINITY)).toBe(text);
  });

  it('leaves JSON that was broken at its spaces valid', () => {
    const document = { labels: Array(40).fill([0, 1]), scores: Array(40).fill([0.25, 0.75]) };
    const text = `  ${JSON.stringify(document).replaceAll(',', ', ')}`;
    expect(JSON.parse(wrapped(text, 60))).toEqual(document);
  });
});
