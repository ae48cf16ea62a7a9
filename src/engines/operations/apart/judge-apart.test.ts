import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineUnavailableError } from '../../../../backends/tfjs/index.js';
import { CLAIMS, type ClaimReport } from '../index.js';
import { inProcess } from './in-process.js';
import { type JudgeElsewhere, JudgeEndedError, judgeApart } from './judge-apart.js';

const ids = CLAIMS.map(({ id }) => id);
const [first, second, third] = ids as [string, string, string];
const holds = (id: string) => ({ id, verdict: 'holds' }) as ClaimReport;

/** Judges every claim, but ends on some of them. */
const endingOn =
  (...ends: string[]): JudgeElsewhere =>
  async ({ only }, { onStart, onReport }) => {
    for (const id of only) {
      onStart(id);
      if (ends.includes(id)) throw new JudgeEndedError(`ended on ${id}`);
      onReport(holds(id));
    }
    return { adapter: 'an adapter' };
  };

describe('operations judged apart', () => {
  it('fail the claim on which an engine ends, and the others are judged all the same', async () => {
    const told: string[] = [];
    const { claims, adapter } = await judgeApart(
      { engine: 'cpu', seed: 1, onReport: ({ id }) => told.push(id) },
      endingOn(second, third),
    );
    expect(claims.map(({ id }) => id)).toEqual(ids);
    expect(told).toEqual(ids);
    expect(claims.filter(({ verdict }) => verdict === 'fails')).toEqual([
      expect.objectContaining({ id: second, counterexample: `ended on ${second}`, cases: 0 }),
      expect.objectContaining({ id: third, counterexample: `ended on ${third}` }),
    ]);
    expect(adapter).toBe('an adapter');
  });

  it('say so if nothing was judged', async () => {
    const asked = { engine: 'cpu', seed: 1 };
    const unavailable = () => Promise.reject(new EngineUnavailableError('cpu', 'not here'));
    await expect(judgeApart(asked, unavailable)).rejects.toThrow('engine cpu: not here');
    const ended = () => Promise.reject(new JudgeEndedError('it crashed'));
    await expect(judgeApart(asked, ended)).rejects.toThrow('it crashed');
  });
});

describe('a process that judges operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apart-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const judgedBy = (program: string, seconds?: number) => {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program);
    return judgeApart({ engine: 'cpu', seed: 1, only: [first] }, inProcess(file, seconds));
  };
  const START = `process.send({ kind: 'start', claim: '${first}' });`;

  it.each([
    [
      'crashes',
      `process.send({ kind: 'start', claim: '${first}' }, () => process.kill(process.pid, 'SIGSEGV'));`,
      'its process was ended by SIGSEGV',
    ],
    [
      'exits',
      `${START} process.stderr.write('no memory', () => process.exit(3));`,
      'its process ended with exit code 3: no memory',
    ],
  ])('is a verdict if it %s', async (_, program, how) => {
    const { claims } = await judgedBy(program);
    expect(claims).toEqual([expect.objectContaining({ id: first, verdict: 'fails', counterexample: how })]);
  });

  it('is a verdict if it hangs', async () => {
    const { claims } = await judgedBy(`${START} setInterval(() => {}, 1000);`, 5);
    expect(claims[0]?.counterexample).toBe('its process did not answer within 5 s');
  });

  it('tells that its engine is not available', async () => {
    const program = "process.send({ kind: 'unavailable', reason: 'not here' });";
    await expect(judgedBy(program)).rejects.toThrow(EngineUnavailableError);
  });
});
