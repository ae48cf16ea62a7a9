/**
 * Fields of a config. Each reads a value, or adds what is wrong with it to the problems and continues.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { expectedName, isInputError } from '../../../spec/errors.js';
import type { Problems } from './problems.js';

/** Reads a value. Its result after a mistake is never used: a config with a mistake is refused. */
export type Field<T> = (value: unknown, path: string, problems: Problems) => T;

type Fields = Readonly<Record<string, Field<unknown>>>;
type Value<F> = F extends Field<infer T> ? T : never;
type MayLack<F extends Fields> = { [K in keyof F]: undefined extends Value<F[K]> ? K : never }[keyof F];
type Values<F extends Fields> = { readonly [K in Exclude<keyof F, MayLack<F>>]: Value<F[K]> } & {
  readonly [K in MayLack<F>]?: Exclude<Value<F[K]>, undefined>;
};
type Kinds = Readonly<Record<string, Fields>>;
type OfKind<K extends Kinds> = { [N in keyof K]: { readonly kind: N } & Values<K[N]> }[keyof K];

/** A value that satisfies a test. */
export function where<T>(expected: string, holds: (value: unknown) => boolean): Field<T> {
  return (value, path, problems) => {
    if (!holds(value)) problems.add(path, expected, value);
    return value as T;
  };
}

/** A number that satisfies a test. */
export function number(expected: string, holds: (x: number) => boolean): Field<number> {
  return where(expected, (x) => typeof x === 'number' && Number.isFinite(x) && holds(x));
}

/** A whole number of at least `least`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Field<number> {
  const expected = `a whole number ${most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`}`;
  return number(expected, (x) => Number.isSafeInteger(x) && x >= least && x <= most);
}

/** A seed of random numbers. */
export const seed: Field<number> = whole(0, 2 ** 31 - 1);

export const text: Field<string> = where('text', (x) => typeof x === 'string' && x !== '');
export const flag: Field<boolean> = where('true or false', (x) => typeof x === 'boolean');

/** An existing file. */
export const file: Field<string> = where('an existing file', (x) => there(x, 'isFile'));
/** An existing folder. */
export const folder: Field<string> = where('an existing folder', (x) => there(x, 'isDirectory'));

function there(path: unknown, kind: 'isFile' | 'isDirectory'): boolean {
  return typeof path === 'string' && existsSync(path) && statSync(path)[kind]();
}

/** One of some words or numbers. */
export function choice<const T extends string | number>(...choices: readonly T[]): Field<T> {
  return where(choices.join(' | '), (x) => choices.includes(x as T));
}

/** A list of at least one value that `field` reads. */
export function list<T>(field: Field<T>): Field<readonly T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value) || value.length === 0) problems.add(path, 'a list of at least one', value);
    else for (const [at, item] of value.entries()) field(item, `${path}[${at}]`, problems);
    return value as T[];
  };
}

/**
 * A field that may be left out. Where the default has a kind, an object without one is of that kind:
 * `{ kappa: 5 }` sets an option of the default loss.
 */
export function optional<T>(field: Field<T>): Field<T | undefined>;
export function optional<T>(field: Field<T>, otherwise: T): Field<T>;
export function optional<T>(field: Field<T>, otherwise?: T): Field<T | undefined> {
  const kind = (otherwise as { readonly kind?: unknown } | undefined)?.kind;
  return (value, path, problems) => {
    if (value === undefined) return otherwise;
    const lacksKind = kind !== undefined && typeof value === 'object' && value !== null && !('kind' in value);
    return field(lacksKind && !Array.isArray(value) ? { kind, ...value } : value, path, problems);
  };
}

/** The first field for a number, the second for text: a share or a file, say. */
export function numberOr<A, B>(ofNumber: Field<A>, other: Field<B>): Field<A | B> {
  return (value, path, problems) =>
    typeof value === 'number' ? ofNumber(value, path, problems) : other(value, path, problems);
}

/** A value that a rule of this package accepts; what the rule throws is reported as the mistake. */
export function ruledBy<T>(rule: (value: T) => unknown): Field<T> {
  return (value, path, problems) => {
    try {
      rule(value as T);
    } catch (error) {
      if (!isInputError(error)) throw error;
      problems.addTold(path, error);
    }
    return value as T;
  };
}

function expectedField(fields: readonly string[], given: string): string {
  return fields.length === 1 ? `no field beside ${fields[0]}` : expectedName('a field', fields, given);
}

/** An object of these fields and no others. */
export function object<F extends Fields>(fields: F, known: readonly string[] = []): Field<Values<F>> {
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.add(path === '' ? 'config' : path, 'an object', value);
      return undefined as never;
    }
    const within = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name) && !known.includes(name))
        problems.add(within(name), expectedField([...known, ...Object.keys(fields)], name), name);
    }
    const given = value as Record<string, unknown>;
    const read = Object.entries(fields).map(([name, field]) => [
      name,
      field(given[name], within(name), problems),
    ]);
    return Object.fromEntries(read.filter(([, its]) => its !== undefined)) as Values<F>;
  };
}

/** An object whose `kind` says which fields it has; the kind alone where all have defaults. */
export function byKind<K extends Kinds>(kinds: K): Field<OfKind<K>> {
  return (value, path, problems) => {
    const given = typeof value === 'string' ? { kind: value } : value;
    const kind = (given as { kind?: unknown } | undefined)?.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      const isObject = typeof given === 'object' && given !== null;
      problems.add(isObject ? `${path}.kind` : path, Object.keys(kinds).join(' | '), kind ?? value);
      return undefined as never;
    }
    const values = object(kinds[kind] as Fields, ['kind'])(given, path, problems);
    return { kind, ...values } as OfKind<K>;
  };
}
