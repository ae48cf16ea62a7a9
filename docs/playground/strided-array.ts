/**
 * As much of the package `ndarray` as the specification and the property suite use. That package generates code
 * from text when an array is made, which the content security policy of the site forbids. The bundles of the site
 * take this module in its place; a test holds the specification's vectors against it, and the page that verifies
 * runs the whole suite on it.
 *
 * @module
 */

type Numbers = ArrayLike<number> & { [at: number]: number };

/** A view of numbers with a shape, a stride per dimension and an offset. */
class StridedArray {
  readonly #rank: number;

  constructor(
    readonly data: Numbers,
    readonly shape: number[],
    readonly stride: number[],
    readonly offset: number,
  ) {
    this.#rank = shape.length;
  }

  /** The number of entries. */
  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  get dimension(): number {
    return this.#rank;
  }

  index(...at: number[]): number {
    let place = this.offset;
    for (let d = 0; d < this.#rank; d++) place += (at[d] as number) * (this.stride[d] as number);
    return place;
  }

  get(...at: number[]): number {
    return this.data[this.index(...at)] as number;
  }

  set(...given: number[]): number {
    const value = given[this.#rank] as number;
    this.data[this.index(...given)] = value;
    return value;
  }

  /** Fixes the dimensions for which a place is given, and keeps the others. */
  pick(...at: (number | null)[]): StridedArray {
    let offset = this.offset;
    const shape: number[] = [];
    const stride: number[] = [];
    for (let d = 0; d < this.#rank; d++) {
      const place = at[d];
      if (typeof place === 'number' && place >= 0) offset += place * (this.stride[d] as number);
      else {
        shape.push(this.shape[d] as number);
        stride.push(this.stride[d] as number);
      }
    }
    return new StridedArray(this.data, shape, stride, offset);
  }

  /** The entries before the given places. */
  hi(...ends: (number | null)[]): StridedArray {
    const shape = this.shape.map((extent, d) => ends[d] ?? extent);
    return new StridedArray(this.data, shape, this.stride, this.offset);
  }

  /** The entries from the given places on. */
  lo(...starts: (number | null)[]): StridedArray {
    const from = this.shape.map((_, d) => starts[d] ?? 0);
    const shape = this.shape.map((extent, d) => extent - (from[d] as number));
    return new StridedArray(this.data, shape, this.stride, this.index(...from));
  }

  transpose(...order: number[]): StridedArray {
    const of = (extents: number[]) => order.map((d) => extents[d] as number);
    return new StridedArray(this.data, of(this.shape), of(this.stride), this.offset);
  }
}

/** Views numbers as an array of a shape, rows first unless strides are given. */
export default function stridedArray(
  data: Numbers,
  shape: number[] = [data.length],
  stride: number[] = shape.map((_, d) => shape.slice(d + 1).reduce((product, extent) => product * extent, 1)),
  offset = 0,
): StridedArray {
  return new StridedArray(data, shape, stride, offset);
}

export type { StridedArray };
