import { describe, expect, it } from 'vitest';
import { ProcessSlots } from './process-slots.js';

/** Work that ends when it is told to. */
function works() {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    running.push(name);
    return new Promise<void>((done) => {
      ends.set(name, () => {
        running.splice(running.indexOf(name), 1);
        done();
      });
    });
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((turn) => setImmediate(turn));
  };
  return { running, work, end };
}
const settled = () => new Promise((turn) => setImmediate(turn));

describe('places for processes', () => {
  it('are taken in order, as many at once as there are', async () => {
    const { running, work, end } = works();
    const slots = new ProcessSlots(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => slots.run(undefined, work(name)));
    await settled();
    expect(running).toEqual(['a', 'b']);
    await end('b');
    expect(running).toEqual(['a', 'c']);
    await end('a');
    expect(running).toEqual(['c', 'd']);
    await end('c');
    await end('d');
    await Promise.all(all);
  });

  it('hold one process per engine that has one device; other engines overtake it', async () => {
    const { running, work, end } = works();
    const slots = new ProcessSlots(3);
    const all = [
      slots.run('webgpu', work('webgpu 1')),
      slots.run('webgpu', work('webgpu 2')),
      slots.run('cpu', work('cpu 1')),
      slots.run('cpu', work('cpu 2')),
    ];
    await settled();
    expect(running).toEqual(['webgpu 1', 'cpu 1', 'cpu 2']);
    await end('cpu 1');
    expect(running).toEqual(['webgpu 1', 'cpu 2']);
    await end('webgpu 1');
    expect(running).toEqual(['cpu 2', 'webgpu 2']);
    await end('cpu 2');
    await end('webgpu 2');
    await Promise.all(all);
  });

  it('go to who needs the cases that they hold; who needs others does not wait for them', async () => {
    const { running, work, end } = works();
    const slots = new ProcessSlots(2);
    const names = ['a/0', 'a/1', 'b/0', 'b/1', 'c/0'];
    const all = names.map((name) => slots.run(undefined, work(name), `cases ${name.slice(2)}`));
    await settled();
    expect(running).toEqual(['a/0', 'a/1']);
    await end('a/1');
    expect(running).toEqual(['a/0', 'b/1']);
    await end('b/1'); // no place holds what is left to do but the one that is taken
    expect(running).toEqual(['a/0', 'b/0']);
    await end('a/0');
    expect(running).toEqual(['b/0', 'c/0']);
    for (const name of ['b/0', 'c/0']) await end(name);
    await Promise.all(all);
  });

  it('are free again after work that fails', async () => {
    const slots = new ProcessSlots(1);
    await expect(slots.run('webgl', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await slots.run('webgl', async () => 'next')).toBe('next');
  });
});
