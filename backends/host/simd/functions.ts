/**
 * The SIMD functions, and the memory they work in.
 *
 * @module
 */
import { BASE64 } from './bytes.js';

/** What is compiled from assembly/. Places are in bytes; for the rest see there. */
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
    taskOf: number,
    positives: number,
    positiveKeys: number,
    negatives: number,
    negativeKeys: number,
    scratch: number,
    lowest: number,
    highest: number,
  ): number;
  settle(records: number, tasks: number, keys: number, rows: number, scratch: number): void;
  addSlope(own: number, other: number, stride: number, scale: number, sum: number, gradient: number): void;
}

/** What of WebAssembly is used: the library's types know it only as part of a browser. */
export interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65536;
/** What 32-bit addresses reach. */
const LARGEST = 2 ** 32 - PAGE;

let made: SimdFunctions | null | undefined;

/**
 * The functions, or undefined where there is no WebAssembly or it has no SIMD: distances are then
 * all found in float64, with the same results. One instance for the process, since every WebAssembly
 * memory takes gigabytes of addresses; nothing in it outlives a call.
 */
export function simdFunctions(): SimdFunctions | undefined {
  if (made === undefined) made = instantiate((globalThis as { WebAssembly?: Assembly }).WebAssembly) ?? null;
  return made ?? undefined;
}

/** @returns undefined if this WebAssembly can't: a module with instructions it doesn't know is refused */
export function instantiate(assembly: Assembly | undefined): SimdFunctions | undefined {
  if (!assembly) return undefined;
  const bytes = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0));
  try {
    return new assembly.Instance(new assembly.Module(bytes)).exports as SimdFunctions;
  } catch {
    return undefined;
  }
}

/** Makes the memory hold so many bytes; false if it can't. */
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
