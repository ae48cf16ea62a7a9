/**
 * Fingerprints of plain data, to tell whether something has been written to.
 *
 * @module
 */

/** What was read of some data. */
export interface Fingerprint {
  /** Equal for equal data. Of data that differ it is equal by a chance of 2^-52, unless somebody means it to be. */
  readonly digest: number;
  /** The bytes of all numbers in typed arrays. */
  readonly bytes: number;
}

/** The fingerprint of data: objects with the names of their own properties, arrays, typed arrays and numbers. */
export function fingerprintOf(data: unknown): Fingerprint {
  const reader = new Reader();
  reader.read(data);
  return { digest: (reader.high & 0xfffff) * 2 ** 32 + (reader.low >>> 0), bytes: reader.bytes };
}

/** Holds a number whose bits are read. */
const number = new Float64Array(1);
const bits = new Uint32Array(number.buffer);

class Reader {
  low = 0x811c9dc5 | 0;
  high = 0x01000193 | 0;
  bytes = 0;
  /** Objects in the order in which they were met: one that is met again is told by its place. */
  readonly #places = new Map<object, number>();
  readonly #names = new Map<string, number>();

  read(data: unknown): void {
    if (typeof data === 'number') this.#number(data);
    else if (typeof data === 'string') this.#add(this.#nameOf(data));
    else if (typeof data === 'object' && data !== null) this.#object(data);
    else this.#add(data === undefined ? 1 : data === null ? 2 : data === true ? 3 : 4);
  }

  #object(data: object): void {
    const place = this.#places.get(data);
    if (place !== undefined) {
      this.#add(place);
      return;
    }
    this.#places.set(data, this.#places.size + 5);
    if (ArrayBuffer.isView(data)) this.#numbers(data as unknown as ArrayLike<number> & ArrayBufferView);
    else if (Array.isArray(data)) this.#list(data);
    else {
      for (const name of Object.keys(data)) {
        this.#add(this.#nameOf(name));
        this.read((data as Record<string, unknown>)[name]);
      }
    }
  }

  #list(data: readonly unknown[]): void {
    this.#add(data.length);
    for (const one of data) this.read(one);
  }

  #numbers(data: ArrayLike<number> & ArrayBufferView): void {
    this.bytes += data.byteLength;
    this.#add(data.length);
    // numbers of 64 bits as their halves
    const numbers =
      data instanceof Float64Array
        ? new Uint32Array(data.buffer, data.byteOffset, 2 * data.length)
        : data instanceof Float32Array
          ? new Uint32Array(data.buffer, data.byteOffset, data.length)
          : data;
    let { low, high } = this; // in local variables, since most of what is read is read here
    for (let at = 0; at < numbers.length; at++) {
      const x = numbers[at] as number;
      low = mixedLow(low, x);
      high = mixedHigh(high, x);
    }
    [this.low, this.high] = [low, high];
  }

  #number(x: number): void {
    number[0] = x;
    this.#add(bits[0] as number);
    this.#add(bits[1] as number);
  }

  /** Two products of 32 bits: one for each half of the digest. */
  #add(x: number): void {
    this.low = mixedLow(this.low, x);
    this.high = mixedHigh(this.high, x);
  }

  /** A number of its own for each name, from its characters. */
  #nameOf(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    let code = name.length;
    for (let at = 0; at < name.length; at++) code = Math.imul(code ^ name.charCodeAt(at), 0x01000193);
    this.#names.set(name, code);
    return code;
  }
}

function mixedLow(low: number, x: number): number {
  const mixed = Math.imul(low ^ x, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

function mixedHigh(high: number, x: number): number {
  const mixed = Math.imul(high ^ x, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
