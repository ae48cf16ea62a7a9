/**
 * The host loss against a vectorised CRL in PyTorch, which takes turns with it in the same run: the speed of a
 * machine drifts within a minute. `bench/pytorch/baseline.py` is what is compared with.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { helpers, setHelpers } from '../../backends/host/threads/block-work.js';
import { startThreads } from '../../backends/host/threads/index.js';
import type { Pool } from '../../backends/host/threads/pool.js';
import { interval } from '../../src/support/interval.js';
import { rotation, type Size } from '../batches.js';
import type { Cases } from '../benny.js';
import type { LeftOut, Row, Section } from '../section.js';
import { SIZES, settingOf } from '../sizes.js';
import { rectificationOnHost, wholeOnHost } from '../whole-loss.js';
import { wholeWithThreads } from './whole-loss.js';

/** How many turns each side has at a size. */
const TURNS = 8;

/** What PyTorch times, as baseline.py names it, and the case of the host that each is compared with. */
const IN_PYTORCH = [
  { loss: 'whole loss', against: 0 },
  { loss: 'L_crl alone', against: 2 },
  { loss: 'cross entropy', against: 0 },
] as const;

export const pytorch: Section = {
  id: 'pytorch',
  title: 'The host loss and PyTorch in turn, loss and gradient',
  onlyAsked: true,
  needs: 'torch',
  async run({ seconds, quick, python }) {
    const baseline = new Baseline(python);
    const threads = await startThreads({ threads: 2 });
    const pool = helpers() as Pool;
    setHelpers(undefined);
    const rows: Row[] = [];
    const leftOut: LeftOut[] = [];
    for (const [at, size] of SIZES.entries()) {
      if (quick && size.n * size.classes > 2e5) continue;
      rows.push(...(await compared(at, size, { baseline, pool, slice: seconds / TURNS })));
    }
    baseline.end();
    threads.stop();
    return { rows, leftOut };
  },
};

interface Sides {
  readonly baseline: Baseline;
  readonly pool: Pool;
  /** How long a turn takes, in seconds. */
  readonly slice: number;
}

async function compared(at: number, size: Size, { baseline, pool, slice }: Sides): Promise<Row[]> {
  const logits = rotation(size, 'normal');
  const own: Cases = {
    ...wholeOnHost(size, logits),
    ...wholeWithThreads(size, logits, pool),
    ...rectificationOnHost(size),
  };
  const names = Object.keys(own);
  const samples = new Map<string, number[]>();
  const add = (name: string, times: readonly number[]) =>
    samples.set(name, [...(samples.get(name) ?? []), ...times]);
  for (let turn = 0; turn <= TURNS; turn++) {
    if (turn === 1) samples.clear(); // the first turn compiles code, and makes both sides allocate
    for (const name of names) add(name, timesOf(own[name] as () => unknown, slice));
    for (const { loss } of IN_PYTORCH) add(`PyTorch, ${loss}`, await baseline.ask(at, loss, slice));
  }
  const ratios = new Map(
    IN_PYTORCH.map(({ loss, against }) => [`PyTorch, ${loss}`, names[against] as string]),
  );
  return [...samples].map(([subject, times]) => {
    const to = ratios.get(subject);
    return {
      subject,
      setting: settingOf(size),
      milliseconds: median(times),
      margin: (100 * (interval(times).reach ?? 0)) / interval(times).mean,
      samples: times.length,
      ...(to ? { ratio: { to, value: median(times) / median(samples.get(to) as number[]) } } : {}),
    };
  });
}

function timesOf(run: () => unknown, seconds: number): number[] {
  const times: number[] = [];
  for (const end = performance.now() + 1000 * seconds; performance.now() < end || times.length < 3; ) {
    const begin = performance.now();
    run();
    times.push(performance.now() - begin);
  }
  return times;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

/** baseline.py as a process that times what it is asked for. */
class Baseline {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor(python: string) {
    const script = resolve('bench/pytorch/baseline.py');
    this.process = spawn(python, [script, '--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.on('error', (error) => {
      process.stderr.write(`--python: expected a Python with torch, got ${python}: ${error.message}\n`);
      process.exit(2);
    });
    this.reader = createInterface(this.process.stdout);
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async ask(setting: number, loss: string, seconds: number): Promise<readonly number[]> {
    this.process.stdin.write(`${JSON.stringify({ setting, loss, seconds })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('bench/pytorch/baseline.py ended before it answered');
    return (JSON.parse(value) as { samples: number[] }).samples;
  }

  end(): void {
    this.process.stdin.end();
    this.reader.close();
  }
}
