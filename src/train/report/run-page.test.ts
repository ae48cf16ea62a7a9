import { describe, expect, it } from 'vitest';
import { chartDrawer, confusionChart, sizeChart } from './charts.js';
import { type ReportedRun, runPage } from './run-page.js';

const evaluation = {
  images: 3,
  crossEntropy: 1,
  balancedAccuracy: 0.75,
  geometricMean: 0.7,
  macroF1: 0.6,
  meanAveragePrecision: null,
  shots: { many: null, medium: null, few: 0.5 },
  recall: [0.5, 1],
  confusion: [
    [1, 1],
    [0, 1],
  ],
};
const run = (minorityShare: number[] | null): ReportedRun =>
  ({
    config: { loss: { kind: 'focal' }, model: { kind: 'conv' }, seed: 1, epochs: 1, batchSize: 2 },
    facts: {
      classes: ['<b>', 'two'],
      encoding: 'categorical',
      counts: [5, 1],
      images: { training: 6, validation: 3, test: 0 },
      skipped: [],
      parameters: 1,
      stepsPerEpoch: 3,
      versions: {},
    },
    lines: [
      {
        epoch: 1,
        loss: 1,
        rectification: null,
        crossEntropy: null,
        minorityShare,
        learningRate: 1,
        validation: evaluation,
        seconds: 1,
        tensors: 1,
      },
    ],
    result: { seconds: 1, validation: evaluation },
  }) as unknown as ReportedRun;

describe('the report of a run', () => {
  it('has a confusion matrix for single labels, and minorities where they are known', async () => {
    const specs: string[] = [];
    const draw = async (spec: object) => {
      specs.push(JSON.stringify(spec));
      return '<svg/>';
    };
    const rival = await runPage(run(null), draw);
    expect(rival).toContain('Confusion (validation)');
    expect(rival).not.toContain('surviving minority');
    expect(rival).toContain('name="viewport"');
    expect(specs[0]).not.toContain('"loss":"L_crl"');
    expect(await runPage(run([0, 0.5]), draw)).toContain('surviving minority');
  });

  it('draws every cell and every class, whatever its name', async () => {
    const draw = await chartDrawer();
    const cells = [0, 1].flatMap((k) =>
      [0, 1].map((j) => ({ actual: `<${k}>`, predicted: `<${j}>`, share: 0.5, images: 7 })),
    );
    const svg = await draw(confusionChart(cells, 2));
    expect(svg.match(/>7</g)?.length).toBe(4);
    expect(svg).toContain('&lt;0&gt;');
    const points = [
      { name: 'a', images: 10, value: 0.5 },
      { name: 'none', images: 0, value: null },
    ];
    expect(await draw(sizeChart(points, 'recall'))).not.toContain('>none<');
  });
});
