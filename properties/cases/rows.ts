/**
 * The rows of a batch, and how they shrink.
 *
 * @module
 */
import fc from 'fast-check';

/**
 * Exactly n rows, or as many as are drawn. They shrink by leaving out ever shorter runs of rows, anywhere,
 * and only then row by row. fast-check’s own arrays would first simplify hundreds of rows that are not
 * needed, and with a minimum length they would keep them all.
 *
 * @param row - makes what rows shrink by; it is called when rows shrink first, which most never do
 * @param draw - draws what `row` draws, in less time
 */
export function rowsOf<Row>(
  row: () => fc.Arbitrary<Row>,
  n: number | fc.Arbitrary<number>,
  draw: Draw<Row>,
): fc.Arbitrary<Row[]> {
  return new Rows(row, typeof n === 'number' ? fc.constant(n) : n, draw);
}

class Rows<Row> extends fc.Arbitrary<Row[]> {
  readonly #makeRow: () => fc.Arbitrary<Row>;
  readonly #size: fc.Arbitrary<number>;
  readonly #draw: Draw<Row>;
  #row: fc.Arbitrary<Row> | undefined;

  constructor(row: () => fc.Arbitrary<Row>, size: fc.Arbitrary<number>, draw: Draw<Row>) {
    super();
    [this.#makeRow, this.#size, this.#draw] = [row, size, draw];
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Row[]> {
    const { value: length } = this.#size.generate(random, bias);
    const rows: Row[] = [];
    for (let i = 0; i < length; i++) rows.push(this.#draw(random, bias));
    return new fc.Value(rows, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Row[] {
    const { row } = this;
    return Array.isArray(value) && value.length > 0 && value.every((one) => row.canShrinkWithoutContext(one));
  }

  override shrink(value: Row[], context: unknown): fc.Stream<fc.Value<Row[]>> {
    const { run = value.length >> 1, inner } = (context ?? {}) as RowsContext;
    const shorter = fc.stream(withoutRuns(value, Math.min(run, value.length >> 1)));
    if (value.length > LARGEST_SIMPLIFIED) return shorter;
    const fewer = fc.array(this.row, { minLength: 1, maxLength: LARGEST_SIMPLIFIED });
    const simpler = fewer.shrink(value, inner);
    return shorter.join(simpler.map((v) => new fc.Value(v.value, { run: 1, inner: v.context })));
  }

  private get row(): fc.Arbitrary<Row> {
    this.#row ??= this.#makeRow();
    return this.#row;
  }
}

/** Draws a value, and keeps nothing of how it was drawn: rows shrink without it. */
export type Draw<T> = (random: fc.Random, bias: number | undefined) => T;

/** Draws what an arbitrary draws. */
export function drawOf<T>(arbitrary: fc.Arbitrary<T>): Draw<T> {
  return (random, bias) => arbitrary.generate(random, bias).value;
}

/** Draws what `fc.array` draws where it has exactly this length. */
export function drawList<T>(draw: Draw<T>, length: number): Draw<T[]> {
  return (random, bias) => {
    random.nextInt(length, length); // fc.array draws the length too
    const list: T[] = [];
    for (let at = 0; at < length; at++) list.push(draw(random, bias));
    return list;
  };
}

/** fc.record draws last whether its record has a prototype. */
const drawPrototype = drawOf(fc.boolean());

/** Draws what `fc.record` draws of these fields. */
export function drawRecord<T extends object>(fields: { readonly [K in keyof T]: Draw<T[K]> }): Draw<T> {
  const names = Object.keys(fields) as (keyof T)[];
  return (random, bias) => {
    const record = {} as T;
    for (const name of names) record[name] = fields[name](random, bias);
    drawPrototype(random, bias);
    return record;
  };
}

/** Nobody works through a counterexample of more rows by hand, so that simpler rows would not help. */
export const LARGEST_SIMPLIFIED = 32;

interface RowsContext {
  /** How many rows to leave out at once. */
  readonly run?: number;
  /** The shrinking context of the array of rows. */
  readonly inner?: unknown;
}

/** Runs shorter than this share of the rows are not left out of many rows, since each try costs a whole walk. */
const SHORTEST_RUN = 1 / 64;

/** The rows without each run of this length in turn, then of half of it, and so on down to single rows. */
export function* withoutRuns<Row>(rows: Row[], longest: number): IterableIterator<fc.Value<Row[]>> {
  const shortest = Math.max(1, Math.floor(rows.length * SHORTEST_RUN));
  for (let run = longest; run >= shortest; run >>= 1) {
    for (let start = 0; start < rows.length; start += run) {
      const rest = [...rows.slice(0, start), ...rows.slice(start + run)];
      if (rest.length > 0) yield new fc.Value(rest, { run } satisfies RowsContext);
    }
  }
  if (rows.length > LARGEST_SIMPLIFIED) return;
  // one sample of a small class and one of a large class, where neither can be left out alone
  for (let first = 0; first < rows.length; first++) {
    for (let second = first + 1; second < rows.length; second++) {
      const rest = rows.filter((_, i) => i !== first && i !== second);
      if (rest.length > 0) yield new fc.Value(rest, { run: 1 } satisfies RowsContext);
    }
  }
}
