import { expect, it, vi } from 'vitest';
import type { RunFacts } from '../train/run-folder.js';
import { epochProgress } from './train-command.js';

it('leaves notes above the bar of a terminal, not behind it', () => {
  const { stderr } = process;
  const { isTTY } = stderr;
  const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
  stderr.isTTY = true;
  try {
    const { hooks, stop } = epochProgress(2);
    hooks.onNote?.('before');
    hooks.onBegin?.({ skipped: [], stepsPerEpoch: 3 } as unknown as RunFacts, { epochs: 0, step: 0 });
    hooks.onNote?.('Stopped early');
    stop('Trained');
    const written = write.mock.calls.map(([text]) => text);
    expect(written[0]).toBe('before\n');
    expect(written).toContain('\r\u001b[2KStopped early\n');
    expect(written.at(-1)).toBe('\r\u001b[2KTrained\n');
  } finally {
    write.mockRestore();
    stderr.isTTY = isTTY;
  }
});
