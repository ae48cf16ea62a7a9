import { describe, expect, it } from 'vitest';
import { NoAnswerError } from '../../backends/command/protocol-error.js';
import { referenceBackend } from '../../backends/reference.js';
import type { Backend } from '../../spec/index.js';
import { answeringInTime, watched } from './answer-in-time.js';
import { guarded } from './guarded-backend.js';
import { UNWATCHED } from './watch.js';

describe('a call', () => {
  const asking = (seconds: number) => ({ seconds, watch: UNWATCHED, unanswered: new Map<string, string>() });

  it('of a program that keeps the time itself counts as unanswered, and is not made again', async () => {
    const how = asking(60);
    let calls = 0;
    const ask = answeringInTime(
      'train',
      async () => {
        calls += 1;
        throw new NoAnswerError('the process gave no answer');
      },
      how,
    );
    await expect(ask()).rejects.toMatchObject({
      name: 'UnansweredError',
      message: 'train gave no answer within 60 s',
    });
    expect(ask).toThrow('train is not asked again: it gave no answer within 60 s in an earlier case');
    expect(calls).toBe(1);
  });

  it('that returns what never settles, but is no promise, counts as unanswered', async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    const never = { then() {} };
    const backend = { ...referenceBackend(), balancedLoss: () => never } as unknown as Backend;
    const { balancedLoss } = guarded(backend, asking(0.01));
    await expect((async () => balancedLoss({} as never, {} as never))()).rejects.toThrow(
      'balancedLoss gave no answer within 0.01 s',
    );
  });

  it('has ended once the microtasks that it left have run', async () => {
    const order: string[] = [];
    const watch = { onCase: () => {}, onCall: () => () => order.push('ended') };
    await watched(watch as never, 'balancedLoss', () => queueMicrotask(() => order.push('left behind')));
    order.push('answer');
    expect(order).toEqual(['left behind', 'ended', 'answer']);
  });

  it('has ended where it returns what cannot be read', () => {
    let ended = 0;
    const watch = {
      onCase: () => {},
      onCall: () => () => {
        ended += 1;
      },
    };
    const odd = {
      // biome-ignore lint/suspicious/noThenProperty: it is what is tested
      get then(): never {
        throw new Error('odd');
      },
    };
    expect(() => watched(watch, 'balancedLoss', () => odd)).toThrow('odd');
    expect(ended).toBe(1);
  });
});
