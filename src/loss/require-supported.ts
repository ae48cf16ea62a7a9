/**
 * Refuses options that a backend of the caller's own does not have, so that none is silently ignored.
 *
 * @module
 */
import { type Backend, type BalancedOptions, outOfRange, type Schema } from '../../spec/rules.js';

/**
 * Refuses an encoding, a level, a comparison or a choice of anchors that a backend does not declare.
 *
 * @throws InputRangeError - naming the option, what the backend declares, and the way out
 */
export function requireSupported(
  { name, supports }: Backend,
  { encoding }: Schema,
  { level, comparison, anchors }: BalancedOptions,
): void {
  const { encodings, levels, comparisons, anchors: choices = ['all'] } = supports;
  const demand = (option: string, asked: string, declared: readonly string[], key: string) => {
    if (declared.includes(asked)) return;
    const values = declared.join(' | ');
    const expected = `a value that backend ${name} declares in supports.${key}, ${values} (without options.backend, every value is available)`;
    outOfRange('option-out-of-range', `options.${option}`, expected, asked);
  };
  demand('encoding', encoding, encodings, 'encodings');
  demand('level', level, levels, 'levels');
  demand('comparison', comparison, comparisons, 'comparisons');
  demand('anchors', anchors, choices, 'anchors');
}
