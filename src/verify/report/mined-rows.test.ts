import { describe, expect, it } from 'vitest';
import { minedRows } from './mined-rows.js';

const anchor = (sample: number, positives: number[], negatives: number[], k = 0) => ({
  sample,
  attribute: 0,
  class: k,
  positives,
  negatives,
});
const marks = ({ rows }: ReturnType<typeof minedRows>) =>
  rows.map(({ differs, isFirst }) => (isFirst ? '→' : differs ? '≠' : ' ')).join('');

describe('mined samples side by side', () => {
  it('mark the first row that differs, and the others', () => {
    const expected = [anchor(0, [1], [2, 3]), anchor(1, [0], [2, 3]), anchor(4, [], [2])];
    const got = [anchor(0, [1], [2, 3]), anchor(1, [0], [3, 2]), anchor(4, [5], [2])];
    const found = minedRows(expected, got, 16);
    expect(marks(found)).toBe(' →≠');
    expect(found.rows[1]).toMatchObject({
      anchor: 'attribute 0, class 0, sample 1',
      expected: '+ 0  − 2 3',
      got: '+ 0  − 3 2',
    });
    expect(found.rows[2]?.expected).toBe('+ none  − 2');
  });

  it('show anchors that one list alone has, and go on with the others', () => {
    const both = [anchor(0, [1], [2]), anchor(1, [0], [2])];
    const missing = minedRows([...both, anchor(3, [0], [2])], both, 16);
    expect([marks(missing), missing.rows[2]?.got]).toEqual(['  →', 'none']);
    const more = minedRows(both, [both[0] as never, anchor(9, [], [], 1), both[1] as never], 16);
    expect([marks(more), more.rows[1]?.expected]).toEqual([' → ', 'none']);
  });

  it('compare by place where both have the same anchors in another order', () => {
    const found = minedRows(
      [anchor(0, [1], [2]), anchor(1, [0], [2])],
      [anchor(1, [0], [2]), anchor(0, [1], [2])],
      16,
    );
    expect(marks(found)).toBe('→≠');
    expect(found.rows[0]?.got).toBe('attribute 0, class 0, sample 1: + 0  − 2');
  });

  it('show so many rows, from a little before the first difference, and count the rest', () => {
    const expected = Array.from({ length: 60 }, (_, i) => anchor(i, [1], [2]));
    const got = expected.map((one) => (one.sample === 30 ? anchor(30, [], [2]) : one));
    const found = minedRows(expected, got, 16);
    expect([marks(found), found.before, found.after]).toEqual(['  →             ', 28, 16]);
    const last = minedRows(expected, expected.slice(0, 59), 16);
    expect([last.before, last.after, marks(last).at(-1)]).toEqual([44, 0, '→']);
  });

  it('show a long list of samples from its first difference', () => {
    const samples = Array.from({ length: 40 }, (_, i) => i);
    const other = samples.map((i) => (i === 20 ? 99 : i));
    const { rows } = minedRows([anchor(0, samples, [])], [anchor(0, other, [])], 16);
    expect(rows[0]?.expected).toMatch(/^\+ … 18 19 20 21 .* … \(40\) {2}− none$/);
    expect(rows[0]?.got).toContain('18 19 99 21');
  });
});
