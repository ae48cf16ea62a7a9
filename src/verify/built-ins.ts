/**
 * What JavaScript provides, and whether a backend has replaced some of it: the specification computes with the same
 * `Math.abs`, in the same process, and would agree with whatever the backend makes of it.
 *
 * @module
 */

// taken before any backend is loaded, since what looks for replacements must not be replaced itself
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { apply, ownKeys } = Reflect;
const { push } = Array.prototype;

/** The constructors and namespaces that the specification and the properties compute with, by their global names. */
const GLOBALS = [
  'Array',
  'BigInt',
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'Set',
  'String',
  'Uint8Array',
  'WeakMap',
] as const;

/** What all typed arrays inherit from has no name of its own. */
const TYPED_ARRAY: { readonly prototype: object } = Object.getPrototypeOf(Uint8Array);

/** A property of something that JavaScript provides, as it was. */
interface Kept {
  /** Such as `Math.abs`. */
  readonly name: string;
  readonly owner: object;
  readonly key: PropertyKey;
  readonly was: PropertyDescriptor;
}

/** What JavaScript provides, as it is when this is made: what a polyfill has replaced until then stays. */
export class BuiltIns {
  readonly #kept: readonly Kept[];

  constructor() {
    const kept: Kept[] = [];
    const keep = (owner: object, name: string, keys: readonly PropertyKey[] = ownKeys(owner)) => {
      for (const key of keys) {
        const was = getOwnPropertyDescriptor(owner, key);
        if (was) kept.push({ name: `${name}.${String(key)}`, owner, key, was });
      }
    };
    keep(globalThis, 'globalThis', GLOBALS);
    keep(TYPED_ARRAY, 'TypedArray');
    keep(TYPED_ARRAY.prototype, 'TypedArray.prototype');
    for (const name of GLOBALS) {
      const provided = globalThis[name] as object & { readonly prototype?: object };
      keep(provided, name);
      if (provided.prototype) keep(provided.prototype, `${name}.prototype`);
    }
    this.#kept = kept;
  }

  /** Puts back what was replaced since this was made. @returns the names of what was, such as `Math.abs` */
  restore(): string[] {
    const replaced: string[] = [];
    const kept = this.#kept;
    for (let at = 0; at < kept.length; at++) {
      const { name, owner, key, was } = kept[at] as Kept;
      const is = getOwnPropertyDescriptor(owner, key);
      if (is && sameValue(is.value, was.value) && is.get === was.get && is.set === was.set) continue;
      apply(push, replaced, [name]);
      try {
        defineProperty(owner, key, was);
      } catch {
        // it was locked, and stays as it is
      }
    }
    return replaced;
  }
}

/** Whether two values are the same; NaN, as `Number.NaN`, is itself. */
function sameValue(one: unknown, other: unknown): boolean {
  // biome-ignore lint/suspicious/noSelfCompare: that is what tells NaN, and needs nothing that can be replaced
  return one === other || (one !== one && other !== other);
}
