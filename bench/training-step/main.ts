/**
 * `npm run bench:step`: times a training step with CRL on engines of tfjs and in PyTorch, in turn.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { ENGINE_NAMES } from '../../backends/tfjs/engines/names.js';
import { table } from '../../src/cli/table.js';
import { versions } from '../../src/support/versions.js';
import { type Contestant, measureSteps, type StepRow } from './measure.js';
import { SETTINGS } from './settings.js';
import { Subject, SubjectEndedError } from './subject.js';

interface Flags {
  readonly engines: readonly string[];
  readonly python?: string;
  readonly only: readonly string[];
  readonly seconds: number;
  readonly steps: number;
  readonly entropy: boolean;
  readonly out?: string;
}

const positive = (given: string): number => {
  if (!(Number(given) > 0)) throw new InvalidArgumentError(`expected a number > 0, got ${given}`);
  return Number(given);
};
const whole = (given: string): number => {
  if (!Number.isInteger(positive(given)))
    throw new InvalidArgumentError(`expected a whole number > 0, got ${given}`);
  return Number(given);
};
const some = (known: readonly string[]) => (given: string) => {
  const names = given.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`expected some of ${known.join(', ')}, got ${unknown}`);
  return names;
};
const nets = Object.keys(SETTINGS);

const flags = new Command('bench:step')
  .description(
    'Times a training step with CRL: model, loss, gradient and Adam, as crl train takes it. Each engine runs in its own process, and they take turns.',
  )
  .option('--engines <names>', 'engines, separated by commas', some(ENGINE_NAMES), ['wasm', 'tensorflow'])
  .option('--python <program>', 'also PyTorch, of this Python; the engines are compared with it')
  .option('--only <nets>', `nets, separated by commas: ${nets.join(', ')}`, some(nets), nets)
  .option('--entropy', 'also steps with cross entropy alone', false)
  .option('--seconds <s>', 'how long to time each engine and net, after warming up', positive, 20)
  .option('--steps <n>', 'steps of a turn', whole, 5)
  .option('--out <file>', 'also write the results as JSON')
  .parse()
  .opts<Flags>();

const subjects = [
  ...(flags.python === undefined
    ? []
    : [new Subject('pytorch', flags.python, [inCheckout('bench/pytorch/training_step.py')], onPythonPath())]),
  ...flags.engines.map(
    (name) =>
      new Subject(name, process.execPath, [fileURLToPath(new URL('child.js', import.meta.url)), name]),
  ),
];
const losses = flags.entropy ? (['crl', 'ce'] as const) : (['crl'] as const);
const contestants: Contestant[] = subjects.flatMap((subject) =>
  losses.map((loss) => ({ name: subject.name, loss, subject })),
);
const found: { net: string; title: string; load: number; rows: readonly StepRow[] }[] = [];
try {
  for (const net of flags.only) {
    const setting = SETTINGS[net] as (typeof SETTINGS)[string];
    process.stderr.write(`${net}: ${setting.title}\n`);
    const rows = await measureSteps(setting, contestants, flags);
    found.push({ net, title: setting.title, load: loadavg()[0] as number, rows });
    // written after each net, so that an interrupted run keeps what it measured
    if (flags.out !== undefined) writeFileSync(flags.out, `${JSON.stringify(report(), null, 2)}\n`);
    process.stdout.write(`\n${setting.title}\n${shown(rows)}\n`);
  }
} catch (error) {
  if (!(error instanceof SubjectEndedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
} finally {
  for (const subject of subjects) subject.end();
}

function report(): object {
  const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };
  return { machine, versions: versions(), date: new Date().toISOString(), nets: found };
}

function shown(rows: readonly StepRow[]): string {
  const [first] = rows;
  return table(
    ['subject', 'loss', 'ms', 'processor ms', 'steps', `time / ${first?.subject}`, 'processor time'],
    rows.map(({ subject, loss, milliseconds, processor, steps, ratio }) => [
      subject,
      loss,
      milliseconds.toPrecision(3),
      processor.toPrecision(3),
      steps,
      ratio ? `${ratio.milliseconds.toPrecision(3)} ×` : '',
      ratio ? `${ratio.processor.toPrecision(3)} ×` : '',
    ]),
  );
}

/** A file of the checkout: Python programs are not part of what is built. */
function inCheckout(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** So that the CRL of the checkout is imported, which need not be installed. */
function onPythonPath(): Record<string, string> {
  const { PYTHONPATH } = process.env;
  const own = inCheckout('backends/pytorch/src');
  return { PYTHONPATH: PYTHONPATH ? `${own}:${PYTHONPATH}` : own };
}
