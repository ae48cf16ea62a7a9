import { describe, expect, it } from 'vitest';
import { commandName } from '../../backends/command/index.js';
import { runningText, targetLabel } from './running-text.js';

describe('a property that runs', () => {
  it('is named with its case and its time, and with what it runs on where there are several', () => {
    expect(runningText(undefined, 'mining-agrees', { cases: 5, isShrinking: false }, 75_000)).toBe(
      'mining-agrees, case 5, 1 min 15 s',
    );
    expect(runningText('tfjs on cpu', 'mining-agrees', { cases: 0, isShrinking: false }, 400)).toBe(
      'tfjs on cpu: mining-agrees, 0 s',
    );
  });

  it('says that a smaller case is looked for', () => {
    expect(runningText(undefined, 'mining-agrees', { cases: 5, isShrinking: true }, 2000)).toBe(
      'mining-agrees fails at case 5; looking for a smaller one, 2 s',
    );
  });
});

describe('the label of a target', () => {
  it('is the name that a program told, or short until then', () => {
    const target = { backend: commandName(`/opt/venv/bin/python '../py dir/wrong.py' --fast`) };
    expect(targetLabel(target)).toBe('python wrong.py');
    expect(targetLabel(target, 'wrong')).toBe('wrong');
  });

  it('is the file or name with the engine for any other backend', () => {
    expect(targetLabel({ backend: '../own.mjs' }, 'own')).toBe('../own.mjs');
    expect(targetLabel({ backend: 'tfjs', engine: 'cpu' })).toBe('tfjs on cpu');
  });
});
