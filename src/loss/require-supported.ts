/**
 * Refuses options that a backend of the caller's own does not have, so that none is silently ignored.
 *
 * @module
 */
import { type Backend, type BalancedOptions, outOfRange, type Schema } from '../../spec/rules.js';

/**
 * Refuses an encoding, a level, a comparison or a choice of anchors that a backend does not declare.
 *
 * @throws InputRangeError - naming the option, what the backend declares, and the backends that have it
 */
export function requireSupported(
  { name, supports }: Backend,
  { encoding }: Schema,
  { level, comparison, anchors }: BalancedOptions,
): void {
  const { encodings, levels, comparisons, anchors: choices = ['all'] } = supports;
  const demand = (option: string, asked: string, declared: readonly string[], key: string) => {
    if (declared.includes(asked)) return;
    const expected = `${declared.join(' | ')}, which is all that backend ${name} declares (supports.${key}); the default has all, so do reference, host and tfjs`;
    outOfRange('option-out-of-range', `options.${option}`, expected, asked);
  };
  demand('encoding', encoding, encodings, 'encodings');
  demand('level', level, levels, 'levels');
  demand('comparison', comparison, comparisons, 'comparisons');
  demand('anchors', anchors, choices, 'anchors');
}
