import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathParts, readToken, replayCommand, replayTokenCommand, writeToken } from './replay.js';

describe('replay tokens', () => {
  it('write a run of equal steps once', () => {
    const path = '14:0:0:0:13:3:1:11:11:17:17:7';
    expect(writeToken({ id: 'a', seed: -7, path })).toBe('a@-7@14:0x3:13:3:1:11x2:17x2:7');
    const long = Array(300).fill('17').join(':');
    expect(writeToken({ id: 'a', seed: 1, path: `3:${long}` })).toBe('a@1@3:17x300');
  });

  it('are read as they were written', () => {
    const step = fc.nat({ max: 12 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), fc.integer(), (steps, seed) => {
        const token = { id: 'mined-hardest', seed, path: steps.join(':') };
        expect(readToken(writeToken(token))).toEqual(token);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('name the changes of a case that the search has made', () => {
    const token = { id: 'a', seed: 1, path: '3+3+0:0:0:2' };
    expect(writeToken(token)).toBe('a@1@3+3+0:0x2:2');
    expect(readToken('a@1@3+3+0:0x2:2')).toEqual(token);
    expect(pathParts(token.path)).toEqual({ drawn: 3, mutations: [3, 0], shrunk: '3:0:0:2' });
    expect(pathParts('12')).toEqual({ drawn: 12, mutations: [], shrunk: '12' });
  });

  it.each([
    'a@1@3+',
    'a@1@+3',
    'a@1@3x2+1',
    'a@1@0:1+2',
    'a@1@',
    'a@1@0x',
    'a@1@0x0',
    'a@1@0x99999',
    'a@1@x3',
    'a@1@0:x3',
    'a@1@0x2x2',
    'a@9999999999@0',
  ])('refuse %s', (text) => {
    expect(() => readToken(text)).toThrow('replay: expected a token such as');
  });
});

describe('replay commands', () => {
  it('name all that the case was judged with', () => {
    const target = {
      backend: './my kernel.ts',
      engine: 'wasm',
      level: 'core',
      timeout: 5,
      memory: 300,
    } as const;
    expect(replayTokenCommand(target, 'a@1@0')).toBe(
      "npx crl verify --backend './my kernel.ts' --engine wasm --level core --timeout 5 --memory 300 --replay a@1@0",
    );
    expect(replayCommand({ backend: 'host' }, 'a', 300, 7)).toBe(
      'npx crl verify --backend host --property a --runs 300 --seed 7',
    );
  });
});
