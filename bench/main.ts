/**
 * `npm run bench`: times everything in one run, prints a table, writes JSON and growth curves.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ENGINE_NAMES, type EngineName, EngineUnavailableError } from '../backends/tfjs/index.js';
import { versions } from '../src/support/versions.js';
import { benchInBrowser } from './browser/bench-in-browser.js';
import { MEASURED_ENGINES, PAGE_SIZES } from './browser/page/plan.js';
import { growthCharts } from './charts.js';
import { OutFolder, pythonProblem } from './preparation.js';
import type { Found, Section } from './section.js';
import { growth } from './sections/growth.js';
import { instance } from './sections/instance.js';
import { loss } from './sections/loss.js';
import { protocol } from './sections/protocol.js';
import { pytorch } from './sections/pytorch.js';
import { stages } from './sections/stages.js';
import { step } from './sections/step.js';
import { webgpu } from './sections/webgpu.js';
import { wholeLoss } from './sections/whole-loss.js';
import { wideStep } from './sections/wide-step.js';
import { shown } from './table.js';

const SECTIONS: readonly Section[] = [
  wholeLoss,
  loss,
  stages,
  growth,
  instance,
  step,
  wideStep,
  pytorch,
  protocol,
  webgpu,
];

const IDS = SECTIONS.map(({ id }) => id).join(', ');
const ONLY_ASKED = SECTIONS.flatMap(({ id, onlyAsked }) => (onlyAsked ? [id] : [])).join(', ');

const { quick, out, only, python, engine, browser } = new Command('bench')
  .description('Times the loss on the processor: the host kernel, an engine of tfjs, and the specification.')
  .option('--quick', 'about two minutes: less time per case, without the largest sizes', false)
  .option('--out <folder>', 'folder for bench.json and the growth curves', 'bench-results')
  .option('--only <ids>', `sections to run, separated by commas: ${IDS}. Default: all but ${ONLY_ASKED}`)
  .option(
    '--python <program>',
    'a Python with torch or numpy, for the sections pytorch and protocol',
    'python3',
  )
  .option('--browser', 'the whole loss on the engines of headless chromium instead, and nothing else', false)
  .addOption(
    new Option('--engine <name>', 'engine of tfjs, where a section does not choose its own')
      .choices(ENGINE_NAMES)
      .default('wasm'),
  )
  .parse()
  .opts<{
    quick: boolean;
    out: string;
    only?: string;
    python: string;
    engine: EngineName;
    browser: boolean;
  }>();

const asked = only?.split(',').map((id) => id.trim());
const unknown = asked?.find((id) => !SECTIONS.some((section) => section.id === id));
if (unknown !== undefined) refuse(`--only: expected some of ${IDS}, got ${unknown || `"${only}"`}`);
if (browser && asked)
  refuse('--browser: measures its own section only, got --only too; leave one of them out');
for (const { needs } of SECTIONS.filter(({ id }) => asked?.includes(id))) {
  const problem = needs && pythonProblem(python, needs);
  if (problem) refuse(problem);
}
const folder = new OutFolder(out);
if (folder.problem) refuse(folder.problem);
const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };
const seconds = quick ? 0.4 : 2;
await (browser ? inBrowser() : inNode());
process.stdout.write(`\n${machine.processor}, ${machine.cores} cores; written to ${out}\n`);
process.exit(0); // threads of tfjs's wasm engine would keep the process alive

async function inNode(): Promise<void> {
  const found: (Pick<Section, 'id' | 'title'> & Found)[] = [];
  for (const section of SECTIONS) {
    if (asked ? !asked.includes(section.id) : section.onlyAsked) continue;
    process.stderr.write(`${section.title}\n`);
    const own = await section.run({ seconds, quick, python, engine }).catch(unlessUnavailable);
    const one = { id: section.id, title: section.title, ...(Array.isArray(own) ? { rows: own } : own) };
    found.push(one);
    // written after each section, so that an interrupted run keeps what it measured
    write({ versions: versions(), date: new Date().toISOString(), engine, sections: found });
    process.stdout.write(`\n${section.title}\n${shown(one)}\n`);
  }
  for (const [curve, svg] of await growthCharts(found.flatMap(({ rows }) => rows))) {
    writeFileSync(
      join(out, `growth-${curve.replace('κ', 'kappa').replace(/\W+/g, '-').replace(/-$/, '')}.svg`),
      svg,
    );
  }
}

async function inBrowser(): Promise<void> {
  const sizes = PAGE_SIZES.filter(({ n, classes }) => !quick || n * classes <= 2e5);
  const plan = { engines: MEASURED_ENGINES, sizes, seconds, rounds: 5 };
  const say = (status: string) => process.stderr.write(`${status}\n`);
  const { versions, date, sections } = await benchInBrowser(plan, say).catch(unlessUnavailable);
  write({ versions, date, sections });
  for (const one of sections) process.stdout.write(`\n${one.title}\n${shown(one)}\n`);
}

/** Writes `bench.json`. */
function write(results: object): void {
  const report = { machine, quick, ...results };
  writeFileSync(join(out, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** Exits with the message of a missing engine, which says how to get it. */
function unlessUnavailable(error: unknown): never {
  folder.removeIfEmpty();
  if (!(error instanceof EngineUnavailableError)) throw error;
  refuse(error.message);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
