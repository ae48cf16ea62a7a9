import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { Report } from '../../properties/index.js';
import { verify } from '../verify/verify.js';
import { conformanceMatrix, reportText } from './report-text.js';

const reason = 'fused into the loss';
const right = referenceBackend();
const { formTriplets: _, ...rest } = right;
const without = { ...rest, supports: { ...right.supports, missing: { formTriplets: reason } } };
const report = await verify(without, { seed: 1, runs: 2, only: ['minority-agrees', 'triplets-agree'] });
const plain = (text: string) => stripVTControlCharacters(text).split('\n');

describe('the table of verdicts', () => {
  it('leaves out what was skipped, which is told below with its reason', () => {
    const lines = plain(reportText(report));
    const rows = lines.filter((line) => line.startsWith('│'));
    expect(rows.some((row) => row.includes('minority-agrees'))).toBe(true);
    expect(rows.some((row) => row.includes('triplets-agree'))).toBe(false);
    expect(lines).toContain(`skipped: ${reason}: triplets-agree`);
  });

  it('lists it with --verbose', () => {
    expect(plain(reportText(report, { verbose: true })).join('\n')).toMatch(/│ triplets-agree +│ skipped/);
  });

  it('is not drawn where nothing else is left', () => {
    const skipped = report.properties.filter(({ verdict }) => verdict === 'skipped');
    expect(reportText({ ...report, properties: skipped })).not.toContain('│');
  });
});

describe('the matrix', () => {
  const overlap = 'judged at the same time';
  const absent: Report = {
    ...report,
    properties: report.properties.map((property) => ({ ...property, verdict: 'unavailable', cases: 0 })),
  };

  it('says that the times of several backends overlap', () => {
    expect(conformanceMatrix([report, report])).toContain(overlap);
    expect(conformanceMatrix([report, absent])).not.toContain(overlap);
  });

  it('says of each backend of several which of its failures to start with', () => {
    const failing: Report = {
      ...report,
      backend: 'mine',
      properties: report.properties.map((property) => ({ ...property, verdict: 'failed', reason })),
    };
    const lines = plain(conformanceMatrix([report, failing])).filter((line) => line.includes('start with'));
    expect(lines).toEqual(['mine: start with minority-agrees']);
  });
});
