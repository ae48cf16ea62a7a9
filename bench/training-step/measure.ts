/**
 * Times training steps of several processes in turn: first a few steps of one, then of the next, and so on, since
 * the speed of a machine drifts.
 *
 * @module
 */
import type { Setting, StepAnswer, StepLoss, StepRequest } from './settings.js';

/** What is timed: a process, and the loss of its steps. */
export interface Contestant {
  readonly name: string;
  readonly loss: StepLoss;
  readonly subject: { ask(request: StepRequest): Promise<StepAnswer> };
}

/** The times of one contestant. */
export interface StepRow {
  readonly subject: string;
  readonly loss: StepLoss;
  /** Median time of a step, in milliseconds. */
  readonly milliseconds: number;
  /** Median processor time of a step over all threads, in milliseconds. */
  readonly processor: number;
  readonly steps: number;
  /** Medians over the rounds of its time and its processor time, each divided by that of the first contestant. */
  readonly ratio?: { readonly milliseconds: number; readonly processor: number };
  /** Software and versions, as the process names them. */
  readonly about: string;
}

/** How long to measure. */
export interface StepEffort {
  /** Seconds for each contestant, after warming up. */
  readonly seconds: number;
  /** Steps of a turn. */
  readonly steps: number;
}

/** Steps before timing starts, in which code is compiled and memory allocated. */
const WARM_UP = 5;

/**
 * Times a net.
 *
 * @param contestants - the others are compared with the first
 * @param now - the clock, in milliseconds
 * @throws Error - if a net does not train: its loss became NaN or infinite
 */
export async function measureSteps(
  setting: Setting,
  contestants: readonly Contestant[],
  { seconds, steps }: StepEffort,
  now: () => number = () => performance.now(),
): Promise<StepRow[]> {
  const about: string[] = [];
  for (const { subject, loss } of contestants) {
    const answer = await subject.ask({ setting, loss });
    about.push('about' in answer ? answer.about : '');
    await subject.ask({ steps: WARM_UP, loss });
  }
  const turns = contestants.map((): Turn[] => []);
  const end = now() + 1000 * seconds * contestants.length;
  for (let round = 0; round < 3 || now() < end; round++) {
    for (const [at, { name, subject, loss }] of contestants.entries()) {
      const answer = await subject.ask({ steps, loss });
      if (!('wall' in answer)) throw new Error(`${name}: expected the times of ${steps} steps`);
      if (!Number.isFinite(answer.loss)) throw new Error(`${name}: the loss became ${answer.loss}`);
      turns[at]?.push({ wall: answer.wall, processor: answer.processor / steps });
    }
  }
  const [first] = turns as [Turn[]];
  return contestants.map(({ name: subject, loss }, at) => {
    const own = turns[at] as Turn[];
    const inRounds = (of: (turn: Turn) => number) =>
      median(own.map((turn, round) => of(turn) / of(first[round] as Turn)));
    return {
      subject,
      loss,
      milliseconds: median(own.flatMap(({ wall }) => wall)),
      processor: median(own.map(({ processor }) => processor)),
      steps: own.length * steps,
      ...(at > 0 && {
        ratio: {
          milliseconds: inRounds(({ wall }) => median(wall)),
          processor: inRounds(({ processor }) => processor),
        },
      }),
      about: about[at] as string,
    };
  });
}

interface Turn {
  readonly wall: readonly number[];
  /** Per step. */
  readonly processor: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
