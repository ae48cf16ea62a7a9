import { describe, expect, it } from 'vitest';
import { chartDrawer, confusionChart, sizeChart } from './charts.js';
import { classesCsv, confusionCsv } from './classes.js';
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
    [0, 0, 1],
    [0, 1, 1],
    [1, 1, 1],
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
    result: { epochs: 1, epoch: 1, keep: 'last', seconds: 1, validation: evaluation },
  }) as unknown as ReportedRun;

describe('the report of a run', () => {
  it('has a confusion matrix for single labels, and minorities where they are known', async () => {
    const specs: string[] = [];
    const draw = async (spec: object) => {
      specs.push(JSON.stringify(spec));
      return '<svg/>';
    };
    const rival = await runPage(run(null), draw);
    expect(rival).toContain('Confusion (validation), images by true and predicted class<');
    expect(rival).not.toContain('surviving minority');
    expect(rival).toContain('name="viewport"');
    expect(specs[0]).not.toContain('"loss":"L_crl"');
    expect(await runPage(run([0, 0.5]), draw)).toContain('surviving minority');
  });

  it('tells α, and where it changes that of the first and the last step', async () => {
    const given = run(null);
    const of = (more: object) =>
      runPage({ ...given, facts: { ...given.facts, ...more } }, async () => '<svg/>');
    expect(await of({ alpha: 0.2 })).toContain('focal, α 0.2000</dd>');
    expect(await of({ alpha: 0.2, firstAlpha: 0 })).toContain(
      'focal, α 0.0000 in the first step, 0.2000 in the last</dd>',
    );
  });

  it('holds the forecast against what happened', async () => {
    const specs: string[] = [];
    const draw = async (spec: object) => {
      specs.push(JSON.stringify(spec));
      return '<svg/>';
    };
    const { facts, lines, ...others } = run([0, 0.5]);
    const forecast = {
      anchors: 4.5,
      triplets: 20.25,
      nothing: 0.125,
      minorityShare: [0.1, 0.6],
      summary: ['', ''],
    };
    const happened = lines.flatMap((line) => [
      { ...line, anchors: 4, triplets: 18, nothing: 0.25 },
      { ...line, anchors: 5, triplets: 21, nothing: 0 },
    ]);
    const told = { ...others, facts: { ...facts, forecast }, lines: happened } as unknown as ReportedRun;
    const cells = [
      ...(await runPage(told, draw)).matchAll(/<th scope="row">([^<]+)<\/th>((?:<td[^>]*>[^<]*<\/td>)+)/g),
    ];
    const rows = cells.map(([, name, row = '']) => [name, row.replace(/<[^>]+>/g, ' ').trim()]);
    expect(rows).toContainEqual(['anchors per step', '4.50  4.50']);
    expect(rows).toContainEqual(['triplets per step', '20.25  19.50']);
    expect(rows).toContainEqual(['share of steps with nothing to compare', '0.1250  0.1250']);
    const bars = specs.find((spec) => spec.includes('"forecast":0.6'));
    expect(bars).toContain('"type":"tick"');
    expect(await runPage(run([0, 0.5]), draw)).not.toContain('>forecast<');
  });

  it('of thousands of classes shows those that tell most, and is a page that opens', async () => {
    const K = 8142;
    const classes = Array.from({ length: K }, (_, k) => `class ${k}`);
    const recall = classes.map((_, k) => (k % 7) / 6);
    // class 5 is taken for class 6 more often than any other for another
    const pairs = classes.map((_, k) => [k, k === 5 ? 6 : (k + (k % 2)) % K, k === 5 ? 9 : 3] as const);
    const many = run(classes.map((_, k) => (k === 77 ? 1 : 0.25)));
    const large = {
      ...many,
      facts: { ...many.facts, classes, counts: classes.map((_, k) => 1 + (k % 900)) },
      result: { ...many.result, validation: { ...evaluation, recall, confusion: pairs } },
    };
    const page = await runPage(large, await chartDrawer());
    expect(page.length).toBeLessThan(2_000_000);
    const figures = page.split('<figure').slice(1);
    expect(figures.some((svg) => svg.includes('>class 5<') && svg.includes('>class 6<'))).toBe(true);
    expect(figures.some((svg) => svg.includes('>class 77<'))).toBe(true);
    expect(page).toContain('the 30 of 8142 classes that are confused most');
    expect(page).toContain('the highest 60 of 8142 classes');
    expect(page).toContain('in classes.csv');
  });

  it('names thresholds, and has the config in a table with readable numbers', async () => {
    const { config, facts, result, lines } = run(null);
    const multi = {
      config: {
        ...config,
        loss: { kind: 'focal', gamma: 2 },
        optimiser: { kind: 'adam', learningRate: 0.001 },
      },
      facts: { ...facts, parameters: 1234567 },
      lines,
      result: { ...result, thresholds: [0.25, 0.75], seconds: 7500 },
    } as unknown as ReportedRun;
    const page = await runPage(multi, async () => '<svg/>');
    for (const words of [
      'one per label, 0.250 to 0.750, learned on the validation set',
      '<th scope="row">two</th><td>0.75</td>',
      '<th scope="row">few-shot (under 20)</th>',
      '<th scope="row">optimiser.learningRate</th><td>0.001</td>',
      '<dd>focal, gamma 2</dd>',
      '1,234,567 parameters',
      '2 h 5 min',
    ])
      expect(page).toContain(words);
    const one = { ...multi, result: { ...multi.result, thresholds: 0.5 } };
    expect(await runPage(one, async () => '<svg/>')).toContain('a label is predicted from a score of 0.5 on');
  });

  it('takes the colours of its page, and no chart refers into another', async () => {
    const page = await runPage(run([0, 0.5]), await chartDrawer());
    expect(page).not.toMatch(/<img|fill="(black|#000|white)"/);
    expect(page).toContain('fill="currentColor"');
    const ids = [...page.matchAll(/<[^>]*\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  it('names classes where their names do not touch, those of few images first', async () => {
    const draw = await chartDrawer();
    const crowd = Array.from({ length: 40 }, (_, k) => ({
      name: `crowded ${k}`,
      images: 100 + k,
      value: 0.5,
    }));
    const alone = { name: 'alone', images: 2, value: 0.9 };
    const svg = await draw(sizeChart([...crowd, alone], 'recall'));
    expect(svg).toContain('>alone<');
    expect(svg).toContain('>crowded 39<'); // nothing follows it
    expect(svg.match(/>crowded \d+</g)).toHaveLength(1);
  });

  it('has all classes and pairs in files', () => {
    const facts = { classes: ['a, b', 'c'], counts: [3, 1] };
    expect(classesCsv(facts, { recall: [0.5, null] }, [null, 0.25])).toBe(
      'class,training images,recall,share of steps as a minority\n"a, b",3,0.5,\nc,1,,0.25\n',
    );
    const forecast = { minorityShare: [0.125, 0.5] } as never;
    expect(classesCsv({ ...facts, forecast }, { recall: [0.5, null] }, [null, 0.25])).toContain(
      'share of steps as a minority,forecast of that share\n"a, b",3,0.5,,0.125\n',
    );
    expect(confusionCsv([[0, 1, 2]], facts.classes)).toBe('true,predicted,images\n"a, b",c,2\n');
  });

  it('draws every cell and every class, with any name', async () => {
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
