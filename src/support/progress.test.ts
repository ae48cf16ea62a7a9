import { describe, expect, it } from 'vitest';
import { progressLine, startProgress, underBar } from './progress.js';

/** A terminal that keeps what is written. */
function terminal(columns: number, isTTY = true) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('a bar', () => {
  it.each([60, 80, 120, 200, 1, 0])('fits a terminal of %i columns', (columns) => {
    const out = terminal(columns);
    let clock = 0;
    const bar = startProgress('Verifying', 10, out, () => clock);
    for (let step = 0; step < 10; step++) {
      clock += 1000;
      bar.advance(
        'a message that is rather long, since it names a backend, an engine and a property '.repeat(3),
      );
    }
    bar.stop('done');
    const esc = '\u001b';
    const lines = out.written.filter((text) => text.includes('Verifying'));
    const widths = lines.map(
      (text) => text.replaceAll(new RegExp(`\\r|${esc}\\[[?\\d]*[a-zA-Z]`, 'g'), '').length,
    );
    expect(Math.max(...widths)).toBeLessThan(Math.max(columns || 80, 1));
    expect(out.written.at(-1)).toContain('done\n');
  });

  it('is cleared where what runs under it fails, and keeps a result', async () => {
    const out = terminal(200);
    const bar = startProgress('Training', 2, out);
    await expect(underBar(bar, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(out.written.at(-1)).toBe('\r\u001b[2K');
    expect(await underBar(bar, async () => 3)).toBe(3);
  });

  it('draws when it advances, however long no timer runs, but not more often than can be seen', () => {
    const out = terminal(200);
    let clock = 0;
    const bar = startProgress('Training', 1000, out, () => clock);
    const before = out.written.length;
    for (let step = 0; step < 1000; step++) {
      clock += 10;
      bar.advance(`step ${step}`);
    }
    expect(out.written.length - before).toBe(100);
    expect(out.written.at(-1)).toContain('1000/1000, 10 s: step 999');
    bar.stop('');
  });

  it('shows at once what begins, however soon after the last line', () => {
    const out = terminal(80);
    const bar = startProgress('T', 2, out, () => 0); // a clock that stands still
    const before = out.written.length;
    bar.show('starting');
    expect(out.written.slice(before)).toEqual([expect.stringContaining('starting')]);
    bar.stop('');
  });

  it('says how long it has left', () => {
    const line = (done: number) => progressLine('T', { done, steps: 4, milliseconds: 30_000, message: '' });
    expect(line(0)).toBe(`T ${'░'.repeat(24)} 0/4, 30 s`);
    expect(line(1)).toBe(`T ${'█'.repeat(6)}${'░'.repeat(18)} 1/4, 30 s, 2 min left`);
    expect(line(4)).toBe(`T ${'█'.repeat(24)} 4/4, 30 s`);
    expect(progressLine('T', { done: 0, steps: 0, milliseconds: 0, message: 'm' })).toContain('0/0, 0 s: m');
  });

  it('counts the seconds of what takes minutes, so that one sees that it lives', () => {
    const line = (milliseconds: number) =>
      progressLine('T', { done: 0, steps: 0, milliseconds, message: '' }).split(', ')[1];
    expect([59_900, 75_000, 3_599_000, 3_720_000].map(line)).toEqual([
      '59 s',
      '1 min 15 s',
      '59 min 59 s',
      '1 h 2 min',
    ]);
  });

  it('writes a line now and then where there is no terminal, but not more often than was asked for', () => {
    const out = terminal(0, false);
    let clock = 0;
    const bar = startProgress('Verifying', 2, out, () => clock, 30_000);
    for (; clock < 70_000; clock += 200) bar.show('slow, case 1');
    expect(out.written).toEqual([
      'Verifying 0/2, 30 s: slow, case 1\n',
      'Verifying 0/2, 1 min 0 s: slow, case 1\n',
    ]);
    bar.note('a note is a sign of life too'); // at 70 s
    bar.advance('one');
    for (; clock <= 100_000; clock += 200) bar.show('two');
    expect(out.written.slice(3)).toEqual(['Verifying 1/2, 1 min 40 s: two\n']);
  });

  it('is one line at the end where there is no terminal', () => {
    const out = terminal(0, false);
    const bar = startProgress('Verifying', 2, out);
    bar.advance('one');
    bar.show('two');
    bar.stop('Verified 2');
    expect(out.written).toEqual(['Verified 2\n']);
  });
});
