/**
 * State: a backend does not change its input, and no call affects another.
 *
 * @module
 */
import fc from 'fast-check';
import type { BalancedOptions } from '../../../spec/index.js';
import { bothForms, type Case } from '../../cases/arbitraries.js';
import type { CaseCapabilities } from '../../cases/case-capabilities.js';
import { combined } from '../../cases/combined.js';
import { otherOptions } from '../../cases/other-options.js';
import {
  type BatchPart,
  halfTwice,
  oneReplaced,
  permuteSamples,
  refill,
  withParts,
} from '../../cases/permute.js';
import { alternating } from '../../cases/planned.js';
import { wide } from '../../cases/wide.js';
import type { Way } from '../../coverage/index.js';
import { demandSame, type Property, type Subject } from '../../property.js';
import { roundoff } from '../../tolerance/index.js';
import { transformed } from '../../transformation.js';
import { specWalk, type Walk } from '../../walk.js';
import { checkWhole } from '../agreement-checks.js';
import { MANY } from '../training-checks.js';
import {
  demandSameResults,
  type PlainResults,
  plainGiven,
  plainResults,
  runStages,
  type StageOrder,
} from './stages.js';

/** More calls than a backend is likely to have buffers that it uses in turn. */
const MANY_MORE = 33;

/** More numbers than a backend is likely to keep for gradients, in memory that it uses again when it is full. */
const LONG_MEMORY = 2 ** 17;
/** If it takes more calls than this to fill that memory, it is left unfilled. */
const MOST_MORE = 16;

/** The parts of a batch that change while the others are the same arrays: labels, scores, and features that are read. */
const PARTS: readonly (readonly BatchPart[])[] = [['labels'], ['scores', 'features'], ['scores']];
const PARTS_WITH_FEATURES: readonly (readonly BatchPart[])[] = [...PARTS, ['features']];
/** Of a batch with features for each attribute. */
const PARTS_BY_ATTRIBUTE: readonly (readonly BatchPart[])[] = [
  ...PARTS_WITH_FEATURES,
  ['later-features'],
  ['later-features'],
];

/** Ordinary batches, and some that are larger than the usual blocks and buffers. */
function ofAnySize(supports: CaseCapabilities): fc.Arbitrary<Case> {
  return fc.oneof(
    { weight: 3, arbitrary: bothForms(supports) },
    {
      weight: 1,
      arbitrary: combined(supports, { sizes: ['ordinary', 'middling', 'around-64', 'around-128'] }),
    },
  );
}

/** The properties of state. */
export const state: readonly Property[] = [
  {
    id: 'input-unchanged',
    stage: 'balancedLoss',
    source: 'contract: arguments must not be written to',
    claim: 'No stage writes to the batch, to the options or to the results of earlier stages.',
    required: true,
    runs: (asked) => Math.ceil(asked / 4), // all stages per case, and what writes does so in most
    cases: ofAnySize,
    ways: counting(() => ['own-properties-compared']),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const before = plainGiven(given, walk);
      const names = namesWithin(given, walk);
      await runStages(backend, given.batch, given.options, walk);
      demandSame('what the backend was given', plainGiven(given, walk), before);
      demandSame('names of the properties of what it was given', namesWithin(given, walk), names);
    },
  },
  {
    id: 'results-unaliased',
    stage: 'balancedLoss',
    source: 'contract: results never alias scratch memory',
    claim: 'Later calls do not change an earlier result, and the same call gives the same result again.',
    required: true,
    runs: (asked) => Math.ceil(asked / 4), // three walks per case
    // also with gradients so long that memory which is used again and again comes round within a few calls
    cases: (supports) => alternating(...new Array(6).fill(ofAnySize(supports)), wide(supports)),
    ways: counting((_, { shuffle }) => [
      'result-after-other-calls',
      ...(goesRound(shuffle) ? (['result-after-33-more-calls'] as const) : []),
      'same-calls-again',
    ]),
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const plain = (results: Parameters<typeof plainResults>[0]) =>
        plainResults(results, backend.supports.gradient);
      const walk = specWalk(given);
      const first = await runStages(backend, batch, options, walk);
      const before = plain(first);
      const other = otherOptions(backend, given).options;
      // one anchor less and the rest reversed, so that memory that is used again holds other values
      const hard = { anchors: [...walk.hard.anchors].reverse().slice(1) };
      const elsewhere = halfTwice(batch, shuffle);
      await runStages(backend, elsewhere, other, {
        ...specWalk({ batch: elsewhere, options: other }),
        hard,
      });
      const more = goesRound(shuffle) ? MANY_MORE : callsToFill(before.slopes);
      for (let call = 0; call < more; call++) await backend.balancedLoss(elsewhere, other);
      demandSame('results after other calls', plain(first), before);
      const again = plain(await runStages(backend, batch, options, walk));
      demandSameResults('the same calls again', again, before, given, roundoff(backend.supports));
    },
  },
  {
    id: 'options-heeded',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim: 'A batch that was seen before is computed anew where its options are others.',
    required: true,
    runs: (asked) => Math.ceil(asked / 2), // two walks per case
    cases: ofAnySize,
    ways: counting(({ backend }, given) => [otherOptions(backend, given).way]),
    async check({ backend }, given) {
      // the first answer is checked too: an earlier property may have seen the other options, and its answer be kept
      await checkWhole({ backend }, given);
      await checkWhole({ backend }, { ...given, options: otherOptions(backend, given).options });
    },
  },
  {
    id: 'batch-parts-heeded',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim:
      'Labels that were seen before with other scores or features, and scores or features that were seen with other labels, are computed anew.',
    required: true,
    runs: (asked) => Math.ceil(asked / 2), // two walks per case
    cases: ofAnySize,
    ways: counting((_, given) => {
      const parts = changedParts(given);
      const { level } = given.options;
      return [
        ...(changesOneSample(given) ? (['one-sample-changes'] as const) : []),
        ...(parts.includes('labels') ? (['labels-change'] as const) : []),
        ...(parts.includes('scores') && given.batch.scored ? (['scores-change'] as const) : []),
        ...(changesFeatures(parts) && level === 'instance' ? (['features-change'] as const) : []),
      ];
    }),
    async check({ backend }, given) {
      const { batch, shuffle } = given;
      const changed = changesOneSample(given) ? oneReplaced(batch, shuffle) : halfTwice(batch, shuffle);
      const parts = changedParts(given);
      const other = withParts(batch, changed, parts);
      // the first answer is checked too: an earlier property may have seen this batch, and its answer be kept
      await transformed(`the batch was given other ${parts.join(' and ')}`, () =>
        checkWhole({ backend }, { ...given, batch: other }),
      );
      await checkWhole({ backend }, given);
    },
  },
  {
    id: 'refilled-batch-heeded',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim:
      'A batch whose arrays, or options whose fields, were written to by the caller after a call are computed anew.',
    required: true,
    runs: (asked) => Math.ceil(asked / 2), // two walks per case
    cases: ofAnySize,
    ways: counting(({ backend }, given) => {
      const kind = refilling(given.shuffle);
      const isOther = kind === 'options-refilled' && given.shuffle % 2 === 1;
      return isOther ? [kind, otherOptions(backend, refilledWith(given)).way] : [kind];
    }),
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const held = permuteSamples(batch, [...Array(batch.size).keys()]); // a copy, since the case is shown if it fails
      if (refilling(shuffle) === 'options-refilled') {
        const other =
          shuffle % 2 === 0 ? otherArrays(options) : otherOptions(backend, refilledWith(given)).options;
        const written = { ...other, margin: [...other.margin], range: [...other.range] as [number, number] };
        await checkWhole({ backend }, { batch: held, options: written, shuffle });
        const { margin, range, ...fields } = options;
        // margins and ranges are written into the arrays that were given
        written.margin.splice(0, written.margin.length, ...margin);
        written.range.splice(0, 2, ...range);
        await checkWhole({ backend }, { batch: held, options: Object.assign(written, fields), shuffle });
        return;
      }
      const other = halfTwice(batch, shuffle);
      // sometimes in a part of it, such as the scores of the same labels
      const isWhole = Math.floor(shuffle / 5) % 2 === 0;
      refill(held, isWhole ? other : withParts(batch, other, changedParts(given)));
      await checkWhole({ backend }, { ...given, batch: held });
      refill(held, batch);
      // sometimes as another object of the same arrays, as a loop that fills a buffer makes it
      const isNew = refilling(shuffle) === 'arrays-refilled-in-a-new-batch';
      await checkWhole({ backend }, { ...given, batch: isNew ? { ...held } : held });
    },
  },
  {
    id: 'calls-independent',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim:
      'Calls in any order, also of stages, and up to 33 at once, give the same results as each call alone.',
    required: true,
    runs: (asked) => Math.ceil(asked / 8), // nine walks per case or more
    cases: ofAnySize,
    ways: counting(({ backend }, given) => [
      'three-calls-at-once',
      ...(timesAtOnce(given.shuffle) >= 3 ? (['nine-calls-at-once'] as const) : []),
      'calls-in-the-opposite-order',
      otherOptions(backend, besides(given)).way,
    ]),
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const all = [
        given,
        { ...otherOptions(backend, besides(given)), batch, shuffle },
        {
          batch: halfTwice(batch, shuffle),
          options: { ...options, kappa: options.kappa > 1 ? options.kappa - 1 : 2 },
          shuffle,
        },
      ];
      const call = async (one: Case, order?: StageOrder) => {
        const found = await runStages(backend, one.batch, one.options, specWalk(one), order);
        return plainResults(found, backend.supports.gradient);
      };
      const alone: Awaited<ReturnType<typeof call>>[] = [];
      for (const one of all) alone.push(await call(one));
      const [atOnce, ...more] = await Promise.all(
        Array.from({ length: timesAtOnce(shuffle) }, () => Promise.all(all.map((one) => call(one)))),
      );
      const backwards: typeof alone = [];
      for (const one of [...all].reverse()) backwards.unshift(await call(one, 'opposite'));
      all.forEach((one, at) => {
        const expected = alone[at] as (typeof alone)[number];
        for (const [how, found] of [
          ['calls at once', atOnce],
          ...more.map((found) => [`${3 * (1 + more.length)} calls at once`, found] as const),
          ['the opposite order', backwards],
        ] as const) {
          const got = found?.[at] as typeof expected;
          demandSameResults(how, got, expected, one, roundoff(backend.supports));
        }
      });
    },
  },
];

/** The ways of a property of state, and whether its case has many samples. */
function counting(
  ways: (subject: Subject, given: Case) => readonly Way[],
): (subject: Subject, given: Case) => readonly Way[] {
  return (subject, given) => [
    ...ways(subject, given),
    ...(given.batch.size >= MANY ? (['state-of-60-samples'] as const) : []),
  ];
}

/** Whether so many calls follow that a ring of buffers comes round. */
function goesRound(shuffle: number): boolean {
  return shuffle % 6 === 0;
}

/** How many calls fill {@link LONG_MEMORY} with long gradients; none with short ones, of which too many would be needed. */
function callsToFill({ scores, features }: PlainResults['slopes']): number {
  const numbers = Math.max(scores.length, features.length);
  return numbers < LONG_MEMORY / MOST_MORE ? 0 : Math.ceil(LONG_MEMORY / numbers);
}

/** The parts that another batch was seen with before. */
function changedParts({ batch: { features, attributes }, options, shuffle }: Case): readonly BatchPart[] {
  const byAttribute = features?.perAttribute && attributes.length > 1;
  const read =
    options.level === 'instance' ? (byAttribute ? PARTS_BY_ATTRIBUTE : PARTS_WITH_FEATURES) : PARTS;
  return read[shuffle % read.length] as readonly BatchPart[];
}

function changesFeatures(parts: readonly BatchPart[]): boolean {
  return parts.includes('features') || parts.includes('later-features');
}

/** Whether all samples but one stay as they are: a key made from a few of them does not tell such batches apart. */
function changesOneSample({ batch, shuffle }: Case): boolean {
  return batch.size > 1 && Math.floor(shuffle / PARTS_BY_ATTRIBUTE.length) % 3 === 0;
}

/** Options whose margins or whose range, whichever the comparison reads, are others. */
function otherArrays(options: BalancedOptions): BalancedOptions {
  const [lo, hi] = options.range;
  return options.comparison === 'distribution'
    ? { ...options, range: [lo, hi + 1] }
    : { ...options, margin: options.margin.map((m) => m + 0.25) };
}

/** What is written to between two calls. */
function refilling(shuffle: number) {
  const kinds = ['options-refilled', 'arrays-refilled-in-a-new-batch', 'arrays-refilled'] as const;
  return kinds[[0, 1, 2, 1, 0][shuffle % 5] as number] as (typeof kinds)[number];
}

/** The case from which other options for a refill are drawn: independently of what is refilled. */
function refilledWith(given: Case): Case {
  return { ...given, shuffle: Math.floor(given.shuffle / 10) };
}

/** The case from which the other options are drawn that wait beside it: others than those that follow each other. */
function besides(given: Case): Case {
  return { ...given, shuffle: Math.floor(given.shuffle / 16) };
}

/** How often three calls wait at once. */
function timesAtOnce(shuffle: number): number {
  if (shuffle % 8 === 0) return 11; // 33 calls: more than a pool of 16 or 32 buffers serves
  return shuffle % 2 === 0 ? 3 : 1;
}

/** The names of the properties of every object that a backend is given, but not of the numbers of arrays. */
function namesWithin({ batch, options }: Case, { selection, hard, triplets }: Walk): unknown {
  const arrays = [
    batch.membership,
    batch.labelled,
    batch.scores,
    triplets,
    ...(batch.features?.matrices ?? []),
  ];
  const objects = [batch, options, batch.features ?? {}, selection, hard, ...hard.anchors, ...arrays];
  const own = (object: object) => Reflect.ownKeys(object).map(String).sort();
  const beside = arrays.map(({ data }) => own(data).filter((name) => !/^\d+$/.test(name)));
  return [objects.map(own), beside];
}
