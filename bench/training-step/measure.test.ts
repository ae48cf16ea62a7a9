import { describe, expect, it } from 'vitest';
import { type Contestant, measureSteps } from './measure.js';
import { SETTINGS, type StepRequest } from './settings.js';

const setting = SETTINGS.small as (typeof SETTINGS)[string];

/** A process whose steps take so long; each round takes a second of the clock. */
function contestant(name: string, wall: number, processor: number, told: string[], loss = 1): Contestant {
  const ask = async (request: StepRequest) => {
    told.push(`${name} ${'setting' in request ? 'builds' : request.steps}`);
    if ('setting' in request) return { about: `${name} 1.0` };
    return { wall: Array(request.steps).fill(wall), processor: processor * request.steps, loss };
  };
  return { name, loss: 'crl', subject: { ask } };
}

/** A clock that moves on by a second each time it is read. */
const clock = () => {
  let seconds = 0;
  return () => 1000 * seconds++;
};

describe('training steps', () => {
  it('are taken in turn, and compared with the first', async () => {
    const told: string[] = [];
    const contestants = [contestant('a', 4, 8, told), contestant('b', 10, 4, told)];
    const rows = await measureSteps(setting, contestants, { seconds: 2, steps: 7 }, clock());
    expect(told.slice(0, 8)).toEqual(['a builds', 'a 5', 'b builds', 'b 5', 'a 7', 'b 7', 'a 7', 'b 7']);
    expect(rows).toEqual([
      { subject: 'a', loss: 'crl', milliseconds: 4, processor: 8, steps: 42, about: 'a 1.0' },
      {
        subject: 'b',
        loss: 'crl',
        milliseconds: 10,
        processor: 4,
        steps: 42,
        ratio: { milliseconds: 2.5, processor: 0.5 },
        about: 'b 1.0',
      },
    ]);
  });

  it('of a net that does not train are no measurement', async () => {
    const broken = contestant('a', 4, 8, [], Number.NaN);
    await expect(measureSteps(setting, [broken], { seconds: 1, steps: 2 }, clock())).rejects.toThrow(
      'a: the loss became NaN',
    );
  });
});
