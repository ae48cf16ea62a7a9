/**
 * Two certificates of the same choices, entry by entry.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import { printable } from '../printable.js';
import type { Certificate, CertifiedBackend } from './certificate.js';

/** One entry of two certificates. */
export interface CertificateEntry {
  /** Such as `specification`, or `own/wasm: mining-agrees`. */
  readonly entry: string;
  readonly same: boolean;
  /** Whether a difference means that the certificate was not confirmed; false for what machines may differ in. */
  readonly counts: boolean;
  /** What the certificate says, in words. */
  readonly certified: string;
  /** What was found now. */
  readonly found: string;
}

/** What machines may differ in: a difference is told, and does not fail a check. */
const OF_THE_MACHINE: readonly string[] = ['node', 'platform', 'browser'];

/**
 * Compares a certificate with what was found by running its choices again.
 *
 * @example
 * ```ts
 * import { compareCertificates, makeCertificate, sourceOf, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const choices = { seed: 1, runs: 5, only: ['minority-agrees'] };
 * const certify = async () =>
 *   makeCertificate([await verify(referenceBackend, choices)], [sourceOf('reference')], choices);
 * const entries = compareCertificates(await certify(), await certify());
 * entries.every(({ same }) => same); // → true
 * ```
 */
export function compareCertificates(certified: Certificate, found: Certificate): CertificateEntry[] {
  // one may come from a file, where what is undefined is left out
  const plain = (one: Certificate): Certificate => JSON.parse(JSON.stringify(one));
  const [certificate, now] = [plain(certified), plain(found)];
  const judges = ['specification', 'suite', 'vectors'] as const;
  const versions = [...new Set([...Object.keys(certificate.versions), ...Object.keys(now.versions)])];
  const entries = [
    ...judges.map((name) => compared(name, certificate.judge[name], now.judge[name])),
    ...versions.map((name) =>
      compared(
        `version of ${name}`,
        certificate.versions[name],
        now.versions[name],
        !OF_THE_MACHINE.includes(name),
      ),
    ),
    ...certificate.backends.flatMap((backend) => {
      const again = now.backends.find(
        ({ source, engine }) => source.backend === backend.source.backend && engine === backend.engine,
      );
      return backendEntries(backend, again);
    }),
  ];
  return entries.some(({ same, counts }) => counts && !same)
    ? entries
    : [...entries, ...otherEntries(certificate, now)];
}

/**
 * The first field that differs, of those that have no entry of their own: what is missing to a level, for example, or
 * a field that somebody added. Nothing in a certificate may be confirmed that was not found again.
 */
function otherEntries(certified: Certificate, found: Certificate): CertificateEntry[] {
  // versions and adapters have entries of their own, and machines may differ in them
  const repeated = ({ versions: _, backends, ...rest }: Certificate) => ({
    ...rest,
    backends: backends.map(({ adapter: __, ...backend }) => backend),
  });
  const [first] = differences(repeated(certified), repeated(found), '');
  return first === undefined ? [] : [compared(printable(first.where), first.certified, first.found)];
}

/** Where two values of JSON differ. */
function* differences(
  certified: unknown,
  found: unknown,
  where: string,
): Generator<{ where: string; certified: unknown; found: unknown }> {
  if (isDeepStrictEqual(certified, found)) return;
  if (!isNested(certified) || !isNested(found)) {
    yield { where, certified, found };
    return;
  }
  const keys = new Set([...Object.keys(certified), ...Object.keys(found)]);
  for (const key of keys) {
    const place = Array.isArray(found) ? `${where}[${key}]` : where === '' ? key : `${where}.${key}`;
    yield* differences(certified[key], found[key], place);
  }
}

function isNested(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function backendEntries(
  certified: CertifiedBackend,
  found: CertifiedBackend | undefined,
): CertificateEntry[] {
  const as = certified.engine === null ? certified.name : `${certified.name}/${certified.engine}`;
  if (found === undefined) return [compared(as, 'judged', 'could not run here')];
  const verdicts = (backend: CertifiedBackend) =>
    new Map(
      backend.properties.map(({ id, verdict, cases, token }) => [id, [verdict, cases, token ?? ''] as const]),
    );
  const [then, now] = [verdicts(certified), verdicts(found)];
  const levels = (backend: CertifiedBackend) =>
    new Map(backend.levels.map((one) => [one.level, one.verdict]));
  const [levelsThen, levelsNow] = [levels(certified), levels(found)];
  return [
    compared(`${as}: name`, certified.name, found.name),
    compared(`${as}: files`, certified.source.sha256, found.source.sha256),
    ...certified.source.files.flatMap(({ file, sha256 }) => {
      const other = found.source.files.find((one) => one.file === file);
      return other?.sha256 === sha256 ? [] : [compared(`${as}: file ${file}`, sha256, other?.sha256)];
    }),
    compared(`${as}: adapter`, certified.adapter, found.adapter, false),
    compared(`${as}: capabilities`, certified.supports, found.supports),
    ...[...union(levelsThen, levelsNow)].map((level) =>
      compared(`${as}: level ${level}`, levelsThen.get(level), levelsNow.get(level)),
    ),
    compared(`${as}: coverage`, coverageWords(certified), coverageWords(found)),
    ...conditionEntries(as, certified, found),
    ...[...union(then, now)].map((id) => compared(`${as}: ${id}`, words(then.get(id)), words(now.get(id)))),
    compared(`${as}: problems`, certified.problems, found.problems),
    compared(`${as}: passed`, certified.passed, found.passed),
  ];
}

function coverageWords({ coverage }: CertifiedBackend): string | undefined {
  if (!coverage) return undefined;
  const { cases, conditions, short, pairs } = coverage;
  const counts = Object.values(conditions);
  const met = counts.filter((count) => count > 0).length;
  return `${cases} cases, ${met} of ${counts.length} conditions, ${pairs.met} of ${pairs.possible} pairs, ${short.length} too rarely`;
}

/**
 * Conditions that other numbers of cases met. Where another number of cases ran in all, as after a failure, the
 * entry of the coverage says enough.
 */
function conditionEntries(
  as: string,
  { coverage: certified }: CertifiedBackend,
  { coverage: found }: CertifiedBackend,
): CertificateEntry[] {
  if (!certified || !found || certified.cases !== found.cases) return [];
  const [then, now] = [certified, found].map((each) => new Map(Object.entries(each.conditions)));
  if (then === undefined || now === undefined) return [];
  return [...union(then, now)]
    .filter((id) => then.get(id) !== now.get(id))
    .map((id) => compared(`${as}: condition ${id}`, then.get(id), now.get(id)));
}

function union<K>(one: ReadonlyMap<K, unknown>, other: ReadonlyMap<K, unknown>): Set<K> {
  return new Set([...one.keys(), ...other.keys()]);
}

function words(outcome: readonly [string, number, string] | undefined): string | undefined {
  if (outcome === undefined) return undefined;
  const [verdict, cases, token] = outcome;
  return `${verdict}, ${cases} ${cases === 1 ? 'case' : 'cases'}${token === '' ? '' : `, ${token}`}`;
}

function compared(entry: string, certified: unknown, found: unknown, counts = true): CertificateEntry {
  const same = isDeepStrictEqual(certified, found);
  return { entry, same, counts, certified: text(certified), found: text(found) };
}

function text(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
