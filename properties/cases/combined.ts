/**
 * Cases that combine whatever may matter: every condition of {@link CONDITIONS} is chosen independently of the
 * others, at every size, so that an error which shows under two or three conditions together is met. The encodings,
 * levels, comparisons and forms take turns in all their combinations, and each meets sizes of every range.
 *
 * A row is one number, from which its labels, scores and features are drawn by place. So rows are drawn and
 * left out quickly, and a condition is made simpler without redrawing what does not depend on it.
 *
 * @module
 */
import fc from 'fast-check';
import { createBatch, type Encoding, type Level } from '../../spec/index.js';
import { anchorChoice } from './anchor-choice.js';
import type { Case } from './arbitraries.js';
import type { CaseCapabilities } from './case-capabilities.js';
import { type Choices, CONDITIONS, type Condition, SIZE_TURNS, SIZES, type SizeClass } from './choices.js';
import { optionsOf } from './combined-options.js';
import { dealtShuffle } from './dealt-shuffle.js';
import { type CombinedOptions, type Drawn, PLACE, type Wanted } from './drawn.js';
import { type FeatureKind, isExactInFloat32, vector } from './feature-kinds.js';
import { withFewerSamples } from './fewer-samples.js';
import { mixed, pick } from './mixed.js';
import { optionsFirst } from './options-first.js';
import { chosen, dealt, planned } from './planned.js';
import { drawOf, rowsOf } from './rows.js';
import { FINEST, LOGIT, PROBABILITY } from './score-kinds.js';
import { tabulate } from './tabulate.js';

/** Combined cases that a backend with these capabilities must handle. */
export function combined(supports: CaseCapabilities, wanted: CombinedOptions = {}): fc.Arbitrary<Case> {
  const { coarse = supports.precision === 'float32', only = {} } = wanted;
  const { encodings, levels, comparisons } = supports;
  const lists = weightedChoices(only, coarse);
  const forms = [...new Set(lists.form)];
  const kinds = forms.flatMap((form) =>
    encodings.flatMap((encoding) => levels.map((level): Kind => ({ form, encoding, level }))),
  );
  const cells = kinds.flatMap((kind, k) =>
    comparisons.map((comparison, c) => ({ ...kind, comparison, turn: k + c })),
  );
  const sizes = { class: sizesOf('class', wanted.sizes), instance: sizesOf('instance', wanted.sizes) };
  const cases = planned((place) => {
    const { turn, ...cell } = dealt(cells, place, DECK);
    const round = Math.floor(place.index / cells.length);
    const conditions = Object.fromEntries(
      (Object.keys(lists) as Condition[]).map((condition, at) => {
        const list = lists[condition];
        return [condition, chosen(list, dealt(list, place, DECK + 1 + at))];
      }),
    ) as unknown as { [C in Condition]: fc.Arbitrary<Choices[C]> };
    return optionsFirst<Drawn>(
      {
        encoding: chosen(encodings, cell.encoding),
        level: chosen(levels, cell.level),
        comparison: chosen(comparisons, cell.comparison),
        ...conditions,
        form: chosen(forms, cell.form),
        lot: SEED,
        shuffle: dealtShuffle(place),
        rows: rowsOf(() => SEED, sizeAt(sizes[cell.level], turn + round), drawSeed),
      },
      'rows',
    );
  }).map((drawn) => build(drawn, { ...wanted, coarse }, supports));
  return withFewerSamples(cases);
}

/** What combines with every comparison and every range of sizes in turn. */
type Kind = Pick<Choices, 'form' | 'encoding' | 'level'>;

/** The deck of the combinations of form, encoding, level and comparison; those of the conditions follow. */
const DECK = 100;

/** The choices of every condition, each as often as it is drawn compared with the others. */
function weightedChoices(
  only: NonNullable<CombinedOptions['only']>,
  coarse: boolean,
): { readonly [C in Condition]: readonly Choices[C][] } {
  const choices = (condition: Condition) => {
    const weights = CONDITIONS[condition] as Readonly<Record<string, number>>;
    const allowed = Object.keys(weights).filter((name) => isAllowed(condition, name, only, coarse));
    return allowed.flatMap((name) => new Array<string>(weights[name] as number).fill(name));
  };
  return Object.fromEntries(
    (Object.keys(CONDITIONS) as Condition[]).map((condition) => [condition, choices(condition)]),
  ) as unknown as { [C in Condition]: readonly Choices[C][] };
}

/** A number that is either as drawn or 0, the simplest: numbers between would draw something else, not less. */
const SEED: fc.Arbitrary<number> = new (class extends fc.Arbitrary<number> {
  override generate(random: fc.Random): fc.Value<number> {
    return new fc.Value(random.nextInt(1, 0x7fffffff), undefined);
  }
  override canShrinkWithoutContext(value: unknown): value is number {
    return typeof value === 'number';
  }
  override shrink(value: number): fc.Stream<fc.Value<number>> {
    return value === 0 ? fc.Stream.nil() : fc.Stream.of(new fc.Value(0, undefined));
  }
})();

function isAllowed(
  condition: Condition,
  name: string,
  only: NonNullable<CombinedOptions['only']>,
  coarse: boolean,
): boolean {
  if (!((only[condition] as readonly string[] | undefined)?.includes(name) ?? true)) return false;
  if (!coarse) return true;
  if (condition === 'features') return isExactInFloat32(name as FeatureKind);
  return condition !== 'scores' || !(name === 'double' || name === 'finer-than-float32');
}

/** Sizes as they take turns. */
function sizesOf(level: Level, sizes: CombinedOptions['sizes']): readonly fc.Arbitrary<number>[] {
  if (typeof sizes?.[0] === 'number') return [fc.constantFrom(...(sizes as readonly number[]))];
  const names = sizes as readonly SizeClass[] | undefined;
  const turns = SIZE_TURNS[level].map((turn) => turn.filter((name) => names?.includes(name) ?? true));
  return turns
    .filter((turn) => turn.length > 0)
    .map((turn) =>
      fc.oneof(
        ...turn.map((name) => {
          const { weight, of } = SIZES[name];
          return { weight, arbitrary: fc.constantFrom<number>(...of) };
        }),
      ),
    );
}

const drawSeed = drawOf(SEED);

function sizeAt(sizes: readonly fc.Arbitrary<number>[], turn: number): fc.Arbitrary<number> {
  return sizes[turn % sizes.length] as fc.Arbitrary<number>;
}

/** Where the numbers of a row are drawn: labels first, then scores; features are placed by their own file. */
const SCORES = 1 << 16;

function build(drawn: Drawn, wanted: Wanted, supports: CaseCapabilities): Case {
  const { level, encoding, lot, shuffle, rows } = drawn;
  const attributes = classCounts(drawn, wanted);
  const labels = rows.map((seed, i) => labelsOf(drawn, wanted, attributes, seed, i));
  const features =
    level === 'instance' || pick([true, false, false], lot, PLACE.besides)
      ? { features: featuresOf(drawn, wanted, attributes.length, labels) }
      : {};
  const unscored = level === 'instance' && wanted.unscored && pick([false, false, true], lot, PLACE.unscored);
  const batch = createBatch({
    attributes,
    encoding,
    fromLogits: drawn.form === 'logits',
    labels,
    ...features,
    ...(unscored ? {} : { scores: scoresOf(drawn, attributes, labels, wanted) }),
  });
  const { rows: _, lot: __, shuffle: ___, ...choices } = drawn;
  const anchors = anchorChoice(supports, batch, lot);
  const options = optionsOf(drawn, wanted, batch, attributes.length, anchors);
  return { batch, options: { ...options, ...wanted.fixed?.(attributes.length) }, shuffle, choices };
}

/** Of a batch: n × columns. Above this many cells a single case would take longer than all others together. */
const MOST_CELLS = { probabilities: 600_000, logits: 150_000 };

/** Of a graph of tensors: groups of classes × n². A kernel that computes all distances holds so many. */
const MOST_DISTANCES = 2_500_000;

/** Of multi-label data: labels × n, each of which may be an anchor. */
const MOST_LABELS = 10_000;

/** Around and above a block of 128 and of 256 threads. */
const HUNDREDS = [300, 257, 256, 129];

/** So few samples may have more than twice as many attributes as others. */
const FEW_ROWS = 66;

/** Of all pairs of samples: groups of classes × n² × d. */
const MOST_DIFFERENCES = 1_000_000;

/** How many groups of classes may be compared with all distances of so many samples. */
function mostGroups(drawn: Drawn, wanted: Wanted): number {
  const { level, rows } = drawn;
  if (level === 'class') return Number.POSITIVE_INFINITY;
  const width = widthOf(drawn, wanted);
  const most = width === undefined ? MOST_DISTANCES : MOST_DIFFERENCES / width;
  return Math.max(2, Math.floor(most / rows.length ** 2));
}

/** d of wide features; undefined where their kind says it. */
function widthOf({ lot, rows }: Drawn, { widths }: Wanted): number | undefined {
  if (widths === undefined) return undefined;
  const most = Math.max(1, Math.floor(MOST_DIFFERENCES / 2 / rows.length ** 2));
  return Math.min(pick(widths.features, lot, PLACE.width), most);
}

/** The class count of every attribute. */
function classCounts(drawn: Drawn, wanted: Wanted): number[] {
  const { encoding, attributes, classes, shape, form, lot, rows } = drawn;
  // above a vector of 16 numbers and a mask of 32 bits, too, where samples are few
  const many = wanted.widths?.attributes ?? (rows.length <= FEW_ROWS ? [9, 17, 33] : [9, 10, 11, 12]);
  const count = {
    one: 1,
    several: 2 + (mixed(lot, PLACE.count) % 3),
    many: pick(many, lot, PLACE.count),
  };
  const groups = mostGroups(drawn, wanted);
  const counts = wanted.classCounts ?? (classes === 'hundreds' ? HUNDREDS : undefined);
  if (encoding === 'multi-label') {
    const labels = counts && attributes === 'one' ? pick(counts, lot, PLACE.classes) : count[attributes];
    const most = Math.max(1, Math.min(Math.floor(groups / 2), Math.floor(MOST_LABELS / rows.length)));
    return new Array<number>(Math.min(labels, most)).fill(2);
  }
  const width = encoding === 'one-attribute' ? 1 : Math.min(count[attributes], groups);
  const columns = Math.max(2, Math.floor(MOST_CELLS[form] / rows.length / width));
  const most = encoding === 'one-attribute' ? Math.min(columns, groups) : columns;
  return tabulate(width, (j) => {
    const place = PLACE.classes + j;
    if (shape === 'pairs' && j === 0) return Math.min(most, Math.max(1, rows.length >> 1));
    if (j === 0 && counts) return Math.min(most, pick(counts, lot, place));
    if (classes === 'few') return Math.min(most, pick([2, 3], lot, place));
    if (classes === 'mixed') return Math.min(most, pick([2, 1, 3, 4, 5, 8, 12], lot, place));
    return Math.min(most, pick([9, 10, 13, 17, 28], lot, place));
  });
}

/** The labels of sample i. */
function labelsOf(
  drawn: Drawn,
  wanted: Wanted,
  attributes: readonly number[],
  seed: number,
  i: number,
): number[] {
  const { encoding, lot } = drawn;
  const tail = { even: 0, skewed: pick([1, 2, 3], lot, PLACE.tail), steep: 400, rare: 1, pairs: 0 }[
    drawn.shape
  ];
  const n = drawn.rows.length;
  /** From 0 to 1; the larger the tail, the more often near 0. */
  const skewed = (place: number) => {
    const share = mixed(seed, place) / 2 ** 32;
    return tail === 0 ? share : share ** (1 + tail); // a power takes longer than the draw
  };
  const isRare = drawn.shape === 'rare' && (pick([false, true], lot, PLACE.last) ? n - 1 - i : i) < 3;
  if (encoding === 'one-attribute') {
    const [classes = 0] = attributes;
    const isMany = classes > FEW_CLASSES;
    const rarest = isMany || pick([false, true], lot, PLACE.rare) ? classes - 1 : 0;
    return tabulate(classes, (k) => {
      if (drawn.shape === 'pairs') return +(i % classes === k);
      if (drawn.shape === 'rare' && k === rarest) return +isRare;
      // among hundreds of classes of few samples others would be rarer still
      return +(skewed(k) > (drawn.shape === 'rare' && isMany ? 0.04 : 0.4));
    });
  }
  return attributes.map((classes, j) => {
    if (isUnlabelled(drawn, wanted, attributes.length, seed, j)) return -1;
    const rarest = encoding === 'multi-label' ? 1 : classes - 1;
    if (drawn.shape === 'rare' && j === 0) return isRare ? rarest : Math.floor(skewed(j) * rarest);
    if (drawn.shape === 'pairs' && j === 0 && encoding === 'categorical') return i % classes;
    if (encoding === 'categorical') return spread(skewed(j), classes, n);
    const side = drawn.shape === 'pairs' ? +(i % Math.max(1, n >> 1) === j) : Math.floor(skewed(j) * 2);
    return pick([false, false, true], lot, PLACE.present) ? 1 - side : side;
  });
}

/** So few classes are all used. */
const FEW_CLASSES = 12;

/** One of the classes; of many, so few are used that they have pairs, from the first to the last. */
function spread(share: number, classes: number, n: number): number {
  const used = classes <= FEW_CLASSES ? classes : Math.min(classes, Math.max(2, Math.ceil(n / 4)));
  return Math.floor(((classes - 1) / Math.max(1, used - 1)) * Math.floor(share * used));
}

function isUnlabelled(
  { unlabelled }: Drawn,
  { widths }: Wanted,
  attributes: number,
  seed: number,
  j: number,
): boolean {
  if (unlabelled === 'whole-attribute') return j === attributes - 1 && j > 0;
  if (widths && unlabelled === 'many' && mixed(seed, (SCORES >> 1) - 1) % widths.unlabelledEvery === 0)
    return true;
  const percent = { none: 0, some: 10, many: 40 }[unlabelled];
  return mixed(seed, (SCORES >> 1) + j) % 100 < percent;
}

/** What the scores and features of a row are drawn from; where rows are repeated, the same for several rows. */
function sourceOf({ repeats, lot }: Drawn, seed: number): number {
  return repeats === 'none' ? seed : seed % pick([2, 4, 16, 50], lot, PLACE.pool);
}

/** Whether sample i is among the hardest, or how hard it is, from 0 to 1. */
function hardnessOf({ hardest, lot, rows }: Drawn, i: number): number | undefined {
  const n = rows.length;
  if (hardest === 'anywhere' || hardest === 'mostly-right') return undefined;
  if (hardest === 'ascending') return (i + 1) / n;
  if (hardest === 'descending') return (n - i) / n;
  const strides = [2, 4, 8, 16, 32, 64, 128, 256].filter((stride) => stride === 2 || 2 * stride <= n);
  const stride = pick(strides, lot, PLACE.stride);
  const start = mixed(lot, PLACE.phase) % stride;
  if (hardest === 'equal-strides') return +(i % stride === start);
  const first = mixed(lot, PLACE.phase) % n;
  return +(i >= first && i < first + Math.max(2, n / stride));
}

/** How far logits are moved apart: in probabilities far enough, but not so far that they round to 0 and 1. */
const LOGITS_APART = 3;

function scoresOf(
  drawn: Drawn,
  attributes: readonly number[],
  labels: readonly number[][],
  { coarse, widths }: Wanted,
): number[][] {
  const { encoding, form, scores: kind, hardest, rows } = drawn;
  const width = encoding === 'multi-label' ? attributes.length : attributes.reduce((a, b) => a + b, 0);
  const held = coarse ? Math.fround : (x: number) => x;
  const toScore = (form === 'logits' ? LOGIT : PROBABILITY)[kind];
  const isMember = membership(encoding, attributes);
  const factor = pick(widths?.logits ?? [1], drawn.lot, PLACE.logits);
  return rows.map((seed, i) => {
    const source = sourceOf(drawn, seed);
    const hardness = hardnessOf(drawn, i);
    return tabulate(width, (s) => {
      const score = toScore(mixed(source, SCORES + s) % (FINEST + 1));
      const own = isMember(labels[i] as number[], s);
      // the hardest samples of a class score low on it, and those of other classes high
      const high =
        hardest === 'mostly-right' ? own : hardness === undefined ? undefined : own ? 1 - hardness : hardness;
      if (high === undefined) return held(form === 'logits' ? factor * score : score);
      if (form === 'logits') return held(factor * (score + LOGITS_APART * (2 * high - 1)));
      return hardest === 'mostly-right' ? held((score + high) / 2) : held(high * 0.75 + score / 4);
    });
  });
}

/** Whether a sample is of the class that a score stands for: 1 or 0. */
function membership(
  encoding: Encoding,
  attributes: readonly number[],
): (labels: readonly number[], s: number) => number {
  if (encoding !== 'categorical') return (labels, s) => +(labels[s] === 1);
  const places = attributes.flatMap((classes, j) => tabulate(classes, (k) => ({ j, k })));
  return (labels, s) => {
    const { j, k } = places[s] as (typeof places)[number];
    return +(labels[j] === k);
  };
}

/** n×d, shared by all attributes; or one such matrix per attribute. */
function featuresOf(
  drawn: Drawn,
  wanted: Wanted,
  attributes: number,
  labels: readonly number[][],
): number[][] | number[][][] {
  const { features: kind, featuresBy, rows, lot } = drawn;
  const width = widthOf(drawn, wanted);
  const common = mostFrequent(labels.map(([label]) => label as number));
  const matrix = (j: number) =>
    rows.map((seed, i) => {
      const hardness = hardnessOf(drawn, i);
      const isRare = labels[i]?.[0] !== common;
      // the hardest positives are far from the other samples of their class, the hardest negatives close to it
      const moved =
        hardness === undefined
          ? 0
          : isRare
            ? -Math.round(hardness * 2) / 2
            : 1 - Math.round(hardness * 2) / 2;
      return vector(
        { kind, lot, ...(width === undefined ? {} : { width }) },
        { seed: sourceOf(drawn, seed) * (1 + j), moved },
      );
    });
  return featuresBy === 'attribute' ? tabulate(attributes, (j) => matrix(j)) : matrix(0);
}

function mostFrequent(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
