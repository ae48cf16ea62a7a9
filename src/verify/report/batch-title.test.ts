import { expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import { type Backend, selectMinority } from '../../../spec/index.js';
import { failureText } from '../../cli/report-text.js';
import { verify } from '../verify.js';
import { reportHtml, reportMarkdown } from './index.js';

it('a batch that ended the run of its property is not called the smallest, in any form', async () => {
  const right = referenceBackend();
  const silent: Backend = {
    ...right,
    supports: { ...right.supports, execution: 'async' },
    selectMinority: () => new Promise(() => {}),
  };
  const report = await verify(silent, { seed: 1, runs: 2, timeout: 0.1, only: ['minority-agrees'] });
  const [property] = report.properties;
  const texts = [failureText(report, property as NonNullable<typeof property>), reportMarkdown([report])];
  expect(texts[0]).toContain('  the batch that was being asked (not made smaller):');
  expect(texts[1]).toContain('The batch that was being asked (not made smaller):');
  expect(reportHtml([report])).toContain(
    'The batch that was being asked <span class="soft">(not made smaller)',
  );
});

it('any other batch is, with how often a smaller one was found', async () => {
  const halved: Backend = {
    ...referenceBackend(),
    selectMinority: (batch, options) => selectMinority(batch, { ...options, rho: options.rho / 2 }),
  };
  const report = await verify(halved, { seed: 1, runs: 50, only: ['minority-agrees'] });
  expect(reportMarkdown([report])).toMatch(/Smallest batch found \(\d+ shrinks\):/);
});
