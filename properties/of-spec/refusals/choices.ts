/**
 * Refusals of bad options and documents, and the wording of refusals.
 *
 * @module
 */

import fc from 'fast-check';
import {
  createBatch,
  createSchema,
  isInputError,
  readDocument,
  readPreset,
  resolveOptions,
} from '../../../spec/index.js';
import { readAlpha } from '../../../spec/rules.js';
import { type Definition, define, demandRefusal } from '../definition.js';
import { NO_OBJECTS, NOT_FINITE, refuse, rows, type Wrong } from './wrong.js';

/** Refusals of options and documents. */
export const ofChoices: readonly Definition[] = [
  define('choices-refused', 'rulings: ρ, κ; margin; histogram', fc.nat(1), (j) => {
    const schema = createSchema({ attributes: [2, 3] });
    for (const input of NO_OBJECTS)
      demandRefusal('wrong-type', 'options', () => resolveOptions(schema, input as never));
    demandRefusal('option-unknown', 'options.kapa', () => resolveOptions(schema, { kapa: 3 } as never));
    const bad: Record<string, readonly unknown[]> = {
      rho: [0, -0.5, 1.01, Number.NaN],
      kappa: [0, 1.5, -1, 2 ** 53, Number.POSITIVE_INFINITY],
      bins: [1, 2.5, 1e6 + 1, Number.NaN],
      margin: [-1, ...NOT_FINITE, [1], [1, 1, 1], []],
      level: ['pixel', null],
      comparison: ['triplet', null],
      anchors: ['hard', null, true],
      range: [[1], [0, 1, 2], [1, 1], [1, 0], [-1.7e308, 1.7e308]],
    };
    for (const [name, values] of Object.entries(bad)) {
      refuse(
        (value) => resolveOptions(schema, { [name]: value }),
        values.map((value) => [value, 'option-out-of-range', `options.${name}`]),
      );
    }
    for (const name of ['rho', 'kappa', 'bins', 'margin']) {
      refuse(
        (value) => resolveOptions(schema, { [name]: value }),
        ['1', true].map((value) => [value, 'wrong-type', `options.${name}`]),
      );
    }
    refuse((range) => resolveOptions(schema, { range } as never), [[3, 'wrong-type', 'options.range']]);
    for (const name of ['margin', 'range']) {
      refuse(
        (value) => resolveOptions(schema, { [name]: [0, 1].map((x, l) => (l === j ? value : x)) }),
        [
          ['1', 'wrong-type', `options.${name}[${j}]`],
          [Number.NaN, 'option-out-of-range', `options.${name}[${j}]`],
        ],
      );
    }
    const good = [
      {},
      { rho: 1 },
      { rho: 2 ** -40 },
      { kappa: 1 },
      { bins: 2 },
      { bins: 1e6 },
      { margin: 0 },
      { margin: [0, 2] },
    ];
    const instance = resolveOptions(schema, { level: 'instance' });
    return (
      good.every((input) => holdsOptions(resolveOptions(schema, input), input)) &&
      String(instance.range) === '0,2' &&
      String(resolveOptions(schema, { level: 'instance', range: [3, 4] }).range) === '3,4'
    );
  }),
  define('documents-refused', 'design: bad input is refused by code and place', fc.nat(), () => {
    const good = { attributes: [2], labels: [[0], [1]], scores: rows(2, [0.5, 0.5]) };
    const features = rows(2, [1]);
    const read = (change: object) => readDocument({ ...good, ...change });
    for (const document of NO_OBJECTS) {
      demandRefusal('wrong-type', 'document', () => readDocument(document));
      demandRefusal('wrong-type', 'batch', () => createBatch(document as never));
    }
    refuse(
      (options) => read({ options }),
      NO_OBJECTS.map((x) => [x, 'wrong-type', 'options']),
    );
    refuse(
      (preset) => read({ preset }),
      [
        ['lecture', 'option-out-of-range', 'preset'],
        ['toString', 'option-out-of-range', 'preset'],
        [3, 'option-out-of-range', 'preset'],
        [['paper'], 'option-out-of-range', 'preset'],
      ],
    );
    demandRefusal('option-unknown', 'label', () => read({ label: [] }));
    demandRefusal('features-missing', 'features', () => read({ options: { level: 'instance' } }));
    const unscored = { scores: undefined, features };
    demandRefusal('scores-missing', 'scores', () => read(unscored));
    demandRefusal('scores-missing', 'scores', () =>
      read({ ...unscored, options: { level: 'instance', alpha: 0 } }),
    );
    demandRefusal('scores-missing', 'scores', () =>
      read({ ...unscored, options: { level: 'instance', anchors: 'easy' } }),
    );
    refuse(
      (alpha) => read({ options: { alpha } }),
      [
        ['1', 'wrong-type', 'options.alpha'],
        [null, 'wrong-type', 'options.alpha'],
        ...[-0.1, 1.1, Number.NaN].map((x): Wrong => [x, 'option-out-of-range', 'options.alpha']),
      ],
    );
    demandRefusal('option-out-of-range', 'alpha', () => readAlpha(2, 'alpha'));
    const instance = read({ ...unscored, options: { level: 'instance' } });
    return (
      !instance.batch.scored &&
      !('alpha' in instance) &&
      read({ options: { alpha: 0 } }).alpha === 0 &&
      read({ options: { alpha: 1 } }).alpha === 1 &&
      readPreset().encoding === 'categorical' &&
      readPreset('article').encoding === 'one-attribute'
    );
  }),
  define(
    'refusals-show',
    'design: a refusal says where, what was expected, what came',
    fc.integer({ min: 1, max: 90 }),
    (length) => {
      const text = 'x'.repeat(length);
      const shown = (value: unknown) => {
        try {
          createSchema({ attributes: [{ classes: ['a', value as string] }] });
        } catch (error) {
          return (error as { got: string }).got;
        }
        return undefined;
      };
      const list = JSON.stringify([text]);
      // by a symbol, so that an error of another copy of the package is recognised
      const foreign = Object.assign(new Error(text), {
        [Symbol.for('class-rectification.refused-input')]: true,
      });
      return (
        shown([text]) === (list.length > 60 ? `${list.slice(0, 57)}...` : list) &&
        shown(undefined) === 'undefined' &&
        shown(-0) === '-0' &&
        shown(0) === '0' &&
        shown(Number.NaN) === 'NaN' &&
        shown(3n) === '3n' &&
        shown(() => 1) === 'a function' &&
        shown(Symbol('x')) === 'a symbol' &&
        shown(null) === 'null' &&
        isInputError(foreign) &&
        [new Error(text), { ...foreign }, null, text].every((other) => !isInputError(other))
      );
    },
  ),
];

/** Whether options are as written, with one margin per attribute, and otherwise the defaults. */
function holdsOptions(found: object, written: object): boolean {
  const defaults = {
    rho: 0.5,
    kappa: 3,
    level: 'class',
    comparison: 'relative',
    anchors: 'all',
    margin: 0.5,
    bins: 100,
    range: [-1, 1],
  };
  const { margin, ...rest } = { ...defaults, ...written };
  const expected = { ...rest, margin: Array.isArray(margin) ? margin : [margin, margin] };
  return Object.entries(expected).every(([name, value]) => {
    return String((found as Record<string, unknown>)[name]) === String(value);
  });
}
