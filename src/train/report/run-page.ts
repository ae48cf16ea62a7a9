/**
 * The report of a run: one page, no script, nothing from elsewhere, readable on a phone.
 *
 * @module
 */
import { meanOfKnown } from '../../../spec/rules.js';
import { html, Markup } from '../../support/markup.js';
import { PAGE_STYLE } from '../../support/page-style.js';
import type { TrainConfig } from '../config/config.js';
import type { Evaluation } from '../evaluate.js';
import type { EpochLine, RunFacts, RunResult } from '../run-folder.js';
import { classBars, confusionChart, type Draw, lossChart, metricChart, sizeChart } from './charts.js';

/** What a report tells of. */
export interface ReportedRun {
  readonly config: TrainConfig;
  readonly facts: RunFacts;
  readonly lines: readonly EpochLine[];
  readonly result: RunResult;
}

/** The page of a run, its charts drawn by `draw`. */
export async function runPage(run: ReportedRun, draw: Draw): Promise<string> {
  const { config, facts, result } = run;
  const title = `${config.loss.kind}, seed ${config.seed}`;
  const figures = await Promise.all(
    chartsOf(run).map(async ({ caption, spec }) => figure(caption, await draw(spec))),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Run: ${title}</title>
<style>${new Markup(PAGE_STYLE)}figure img { width: 100%; height: auto; }</style>
</head>
<body>
<h1>Run: ${title}</h1>
<dl>
<dt>images</dt><dd>${facts.images.training} to train, ${facts.images.validation} to validate, ${facts.images.test} to test, of ${facts.classes.length} classes (${facts.encoding})</dd>
<dt>model</dt><dd>${config.model.kind}, ${facts.parameters} parameters</dd>
<dt>loss</dt><dd>${JSON.stringify(config.loss)}${facts.alpha !== undefined && `, α ${facts.alpha.toFixed(4)}`}${facts.omega !== undefined && `, Ω ${facts.omega.toFixed(4)}`}</dd>
<dt>epochs</dt><dd>${config.epochs} of ${facts.stepsPerEpoch} steps of ${config.batchSize}, ${result.seconds.toFixed(0)} s</dd>
<dt>left out</dt><dd>${facts.skipped.length} bad images or lines</dd>
</dl>
${metricsTable(result)}
<div class="sides">${figures}</div>
<details><summary>Config</summary><pre>${JSON.stringify(config, null, 2)}</pre></details>
<details><summary>Versions</summary><pre>${JSON.stringify(facts.versions, null, 2)}</pre></details>
</body>
</html>
`.text;
}

function chartsOf({ facts, lines, result }: ReportedRun): { caption: string; spec: object }[] {
  const { classes, counts } = facts;
  const last = result.test ?? result.validation;
  const set = result.test ? 'test' : 'validation';
  const losses = lines.flatMap((line) => {
    const all = {
      'training loss': line.loss,
      L_crl: line.rectification,
      L_ce: line.crossEntropy,
      'validation L_ce': line.validation.crossEntropy,
    };
    const named = Object.entries(all).map(([loss, value]) => ({ epoch: line.epoch, loss, value }));
    return named.filter((point): point is typeof point & { value: number } => point.value !== null);
  });
  const byClass = (values: readonly (number | null)[]) =>
    classes.map((name, k) => ({ name, images: counts[k] as number, value: values[k] ?? null }));
  const shares = classes.map((_, k) => {
    return meanOfKnown(lines.map(({ minorityShare }) => minorityShare?.[k] ?? null));
  });
  const single = last.confusion !== undefined;
  const metric = single ? 'class-balanced accuracy' : 'mAP';
  const overTime = lines.map(({ epoch, validation }) => ({
    epoch,
    value: single ? validation.balancedAccuracy : validation.meanAveragePrecision,
  }));
  return [
    { caption: 'Losses', spec: lossChart(losses) },
    { caption: `Validation: ${metric}`, spec: metricChart(overTime, metric) },
    { caption: `Recall against class size (${set})`, spec: sizeChart(byClass(last.recall), 'recall') },
    ...(last.averagePrecision
      ? [
          {
            caption: `Average precision by label (${set})`,
            spec: classBars(byClass(last.averagePrecision), 'average precision'),
          },
        ]
      : []),
    ...(last.confusion
      ? [
          {
            caption: `Confusion (${set}): images by true and predicted class`,
            spec: confusionChart(cells(last.confusion, classes), classes.length),
          },
        ]
      : []),
    ...(shares.some((share) => share !== null)
      ? [
          {
            caption: 'Share of steps in which each class was a surviving minority',
            spec: classBars(byClass(shares), 'share of steps'),
          },
        ]
      : []),
  ];
}

function cells(confusion: NonNullable<Evaluation['confusion']>, classes: readonly string[]) {
  return confusion.flatMap((row, k) => {
    const held = row.reduce((a, b) => a + b, 0);
    return row.map((images, j) => ({
      actual: classes[k] as string,
      predicted: classes[j] as string,
      share: held === 0 ? 0 : images / held,
      images,
    }));
  });
}

/** As an image, so that the page's colours of the night do not reach into it. */
function figure(caption: string, svg: string): Markup {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return html`<figure><figcaption>${caption}</figcaption><img src="${source}" alt="${caption}"></figure>`;
}

function metricsTable({ validation, test }: RunResult): Markup {
  const sets = test ? [validation, test] : [validation];
  const row = (name: string, value: (of: Evaluation) => number | null) =>
    sets.some((set) => value(set) !== null) &&
    html`<tr><th scope="row">${name}</th>${sets.map((set) => html`<td class="number">${value(set)?.toFixed(4) ?? '–'}</td>`)}</tr>`;
  return html`<div class="wide"><table>
<thead><tr><th></th><th class="number">validation</th>${test && html`<th class="number">test</th>`}</tr></thead>
<tbody>${row('class-balanced accuracy', (of) => of.balancedAccuracy)}${row('geometric mean', (of) => of.geometricMean)}${row('macro F1', (of) => of.macroF1)}${row('mAP', (of) => of.meanAveragePrecision)}${row('many-shot', (of) => of.shots.many)}${row('medium-shot', (of) => of.shots.medium)}${row('few-shot', (of) => of.shots.few)}</tbody>
</table></div>`;
}
