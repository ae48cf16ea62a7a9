import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import { type PropertyReport, type Report, withProblem, withStop } from '../../../properties/index.js';
import { reportText } from '../../cli/report-text.js';
import { verify } from '../verify.js';
import { reportBadge, reportHtml, reportJson, reportMarkdown } from './index.js';
import { pairLine, wholeVerdict } from './outcome.js';

const passing = await verify(referenceBackend, { seed: 3, runs: 5, stages: ['selectMinority'] });
const stopped = withStop(passing, 'stopped by SIGINT; not judged: mining-agrees');
const [first] = passing.properties as [PropertyReport];
const failedOne: Report = {
  ...passing,
  passed: false,
  properties: [{ ...first, verdict: 'failed', reason: 'differs' }, ...passing.properties.slice(1)],
};
const ran = passing.properties.filter(({ cases }) => cases > 0);
const cases = ran.reduce((sum, property) => sum + property.cases, 0);
const lastLine = (report: Report) => stripVTControlCharacters(reportText(report)).split('\n').at(-1);

describe('a run that was ended early before anything failed', () => {
  it('has not failed, in any form of the report, and has not passed', () => {
    expect(JSON.parse(reportJson([stopped]))).toMatchObject({ passed: false, stopped: stopped.stopped });
    expect(wholeVerdict(stopped)).toBe('stopped');
    expect(lastLine(stopped)).toBe(
      `reference STOPPED: ${cases} cases of ${ran.length} properties (5 cases per property were asked for), seed 3`,
    );
    expect(pairLine(stopped)).toMatch(/^reference STOPPED: /);
    expect(reportMarkdown([stopped])).toMatch(/^# Conformance of reference: stopped\n/);
    const page = reportHtml([stopped]);
    expect(page).toContain('<title>Stopped: reference</title>');
    expect(page).not.toContain('✗ failed</span>');
    expect(reportBadge([stopped])).toContain('reference: stopped');
    expect(reportMarkdown([stopped, passing])).toContain(': stopped\n');
  });

  it('says why as a line of its own, which is no problem', () => {
    const text = stripVTControlCharacters(reportText(stopped));
    expect(text).toContain(`ended early reference: ${stopped.stopped}`);
    expect(text).not.toContain('problem');
  });
});

describe('a run that was ended early', () => {
  it.each([
    ['a property failed', withStop(failedOne, 'stopped')],
    ['there is another problem', withStop(withProblem(passing, 'dispose threw'), 'stopped')],
    ['a known failure is stale', withStop({ ...passing, stale: ['no-such'] }, 'stopped')],
  ])('has failed where %s', (_, report) => {
    expect(wholeVerdict(report)).toBe('failed');
    expect(reportMarkdown([report])).toMatch(/^# Conformance of reference: not passed\n/);
    expect(reportMarkdown([report, stopped])).toMatch(/: not passed\n/);
  });
});

describe('the last line', () => {
  const of = `${passing.properties.length} properties`;
  const asked = `${cases} cases (5 cases per property were asked for), seed 3`;

  it('tells how many properties failed, and not only how many cases ran', () => {
    expect(lastLine(failedOne)).toBe(`reference FAILED: 1 of ${of} failed; ${asked}`);
    expect(lastLine(withProblem(passing, 'dispose threw'))).toBe(
      `reference FAILED: none of ${of} failed, but see the lines above; ${asked}`,
    );
  });

  it('counts a required property that ran no case', () => {
    const silent: PropertyReport = { ...first, id: 'silent', verdict: 'skipped', cases: 0, reason: 'none' };
    const report = { ...passing, passed: false, properties: [...passing.properties, silent] };
    expect(lastLine(report)).toContain(`none of ${of} failed; 1 required property ran no case; ${cases}`);
  });

  it('of a run that passed stays a count of what ran', () => {
    expect(lastLine(passing)).toBe(
      `reference PASSED: ${cases} cases of ${of} (5 cases per property were asked for), seed 3`,
    );
  });
});
