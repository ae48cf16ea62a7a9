import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import type { LevelReport, Report } from '../../../properties/index.js';
import { reportText } from '../../cli/report-text.js';
import { verify } from '../verify.js';
import { reportBadge } from './badge-svg.js';
import { reportHtml, reportMarkdown } from './index.js';
import { levelTexts } from './outcome.js';

const judged = await verify(referenceBackend, { seed: 1, runs: 5, only: ['minority-agrees'] });
const LEVELS: LevelReport[] = [
  { level: 'core', verdict: 'reached', missing: [] },
  { level: 'full', verdict: 'not-reached', missing: ['supports.levels: instance'] },
  { level: 'training', verdict: 'not-reached', missing: Array.from({ length: 9 }, (_, i) => `p${i} failed`) },
  { level: 'scale', verdict: 'reached', missing: [] },
];
const report: Report = { ...judged, levels: LEVELS };

describe('levels of conformance in a report', () => {
  it('are told with what is missing, in every form', () => {
    for (const form of [
      (r: Report) => reportText(r),
      (r: Report) => reportMarkdown([r]),
      (r: Report) => reportHtml([r]),
    ]) {
      const text = form(report).replaceAll(/[*\\]|<\/?d[td]>/g, ' ');
      expect(text).toMatch(/level core\W+reached/);
      expect(text).toMatch(/level full\W+not reached: missing in supports\.levels: instance/);
      expect(text).toMatch(/level training\W+not reached: p0 failed; .*p5 failed and 3 more/);
    }
  });

  it('are not told where none was judged as a whole', () => {
    expect(levelTexts(judged)).toEqual([]);
    expect(reportText(judged)).not.toContain('level ');
  });
});

describe('the badge', () => {
  it('names the backend and its levels', () => {
    const badge = reportBadge([report]);
    expect(badge).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*role="img"/);
    expect(badge).toContain('>reference: core, scale</text>');
    expect(badge).toContain('5 cases per property, seed 1, class-rectification 0.1.0');
    expect(badge).toContain('#2a7d3f');
    expect(badge).not.toMatch(/<script|href|url\(/);
  });

  it('says that a backend failed, and escapes its name', () => {
    const badge = reportBadge([{ ...report, backend: '<b>&', passed: false }]);
    expect(badge).toContain('>&lt;b&gt;&amp;: failed</text>');
    expect(badge).toContain('#b3261e');
  });

  it('claims nothing where no level was judged, or nothing could run', () => {
    expect(reportBadge([judged])).toContain('#6b6b6b');
    const properties = judged.properties.map((p) => ({ ...p, verdict: 'unavailable' as const, cases: 0 }));
    const badge = reportBadge([{ ...judged, properties }]);
    expect(badge).toContain('nothing could run');
    expect(badge).toContain('#6b6b6b');
  });
});
