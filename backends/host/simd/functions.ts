/**
 * The SIMD functions, and the memory they work in.
 *
 * @module
 */
import { HEX } from './bytes.js';

/** The functions compiled from assembly/, which documents their parameters. Addresses are in bytes. */
export interface SimdFunctions {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  squares(
    features: number,
    stride: number,
    samples: number,
    anchors: number,
    count: number,
    out: number,
  ): void;
  distances(own: number, a: number, b: number, c: number, d: number, stride: number, out: number): void;
  sample(row: number, width: number, label: number, labels: number, highest: number, rank: number): void;
  scan(
    scores: number,
    rows: number,
    width: number,
    first: number,
    labels: number,
    multiHot: number,
    high: number,
    minorityIndexOf: number,
    positives: number,
    positiveKeys: number,
    negatives: number,
    negativeKeys: number,
    scratch: number,
    lowest: number,
    highest: number,
  ): number;
  settle(records: number, lists: number, keys: number, rows: number, scratch: number): void;
  exponentials(from: number, to: number, count: number, largest: number): number;
  softmax(
    scores: number,
    rows: number,
    attributes: number,
    first: number,
    largest: number,
    totals: number,
  ): number;
  sigmoid(scores: number, rows: number, width: number, labels: number, powers: number, sums: number): number;
  multiply(numbers: number, rows: number, attributes: number, first: number, factors: number): void;
  sigmoidSlopes(numbers: number, rows: number, width: number, labels: number, factors: number): void;
  countLabels(labels: number, rows: number, width: number, sums: number): number;
  addSlope(own: number, other: number, stride: number, scale: number, sum: number, gradient: number): void;
}

/** The part of WebAssembly that is used. TypeScript declares it only in the library for browsers. */
export interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65536;
/** The largest memory that 32-bit addresses reach. */
const LARGEST = 2 ** 32 - PAGE;

/** null: not available here; undefined: not tried yet. */
let shared: SimdFunctions | null | undefined;

/**
 * The functions, or undefined where WebAssembly is not available or has no SIMD; the callers then compute
 * the same results without. The whole process shares one instance, since every WebAssembly memory reserves
 * gigabytes of addresses; nothing in the memory is kept from one call to the next.
 */
export function simdFunctions(): SimdFunctions | undefined {
  if (shared === undefined)
    shared = instantiate((globalThis as { WebAssembly?: Assembly }).WebAssembly) ?? null;
  return shared ?? undefined;
}

/**
 * @returns undefined if this WebAssembly refuses the module, as it does if it does not know SIMD
 * instructions
 */
export function instantiate(assembly: Assembly | undefined): SimdFunctions | undefined {
  if (!assembly) return undefined;
  const bytes = Uint8Array.from({ length: HEX.length / 2 }, (_, at) =>
    Number.parseInt(HEX.slice(2 * at, 2 * at + 2), 16),
  );
  try {
    return new assembly.Instance(new assembly.Module(bytes)).exports as SimdFunctions;
  } catch {
    return undefined;
  }
}

/** Grows the memory to at least this many bytes; false if it cannot. */
export function reserve({ memory }: SimdFunctions, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return true;
  if (bytes > LARGEST) return false;
  try {
    memory.grow(Math.ceil(missing / PAGE));
    return true;
  } catch {
    return false;
  }
}
