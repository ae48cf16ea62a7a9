/**
 * Certificates: what was judged and with what result, in a form that others can repeat.
 *
 * @module
 */
import type {
  ConformanceLevel,
  Coverage,
  KnownFailure,
  LevelReport,
  PropertyReport,
  Report,
  SuiteChoices,
} from '../../../properties/index.js';
import type { Capabilities, Stage } from '../../../spec/index.js';
import { isUnavailable } from '../report/outcome.js';
import { withoutPlaces } from '../report/without-places.js';
import type { Digest } from './digest.js';
import { type JudgeDigests, judgeDigests } from './judge-digests.js';

/** What a certificate calls itself. */
export const FORMAT = 'class-rectification-certificate';
/** The version of the format. */
export const FORMAT_VERSION = 1;

/** The choices that a run is repeated with. */
export interface CertifiedChoices {
  readonly seed: number;
  /** Cases per property. */
  readonly runs: number;
  readonly level: ConformanceLevel | null;
  /** Only these properties; null: all. */
  readonly properties: readonly string[] | null;
  /** Only these stages; null: all. */
  readonly stages: readonly Stage[] | null;
  readonly known: readonly KnownFailure[];
}

/** Where a backend came from. */
export interface CertifiedSource extends Digest {
  /** What `--backend` was given: a name, or a file relative to the working directory. */
  readonly backend: string;
}

/** The outcome of one property. */
export interface CertifiedProperty extends Pick<PropertyReport, 'id' | 'verdict' | 'required' | 'cases'> {
  /** Names the counterexample of one that failed. */
  readonly token?: string;
}

/** How far the run looked. */
export interface CertifiedCoverage {
  readonly cases: number;
  /** In how many cases each condition held, by its id. */
  readonly conditions: Readonly<Record<string, number>>;
  /** Ids of conditions that were met too rarely. */
  readonly short: readonly string[];
  /** Two conditions that can be together: how many there are, and how many of these were met. */
  readonly pairs: { readonly possible: number; readonly met: number };
}

/** What was found of one backend on one engine. */
export interface CertifiedBackend {
  readonly name: string;
  readonly engine: string | null;
  readonly adapter: string | null;
  readonly source: CertifiedSource;
  readonly supports: Capabilities | null;
  readonly passed: boolean;
  readonly levels: readonly LevelReport[];
  /** Null where it was not counted. */
  readonly coverage: CertifiedCoverage | null;
  readonly properties: readonly CertifiedProperty[];
  readonly problems: readonly string[];
}

/** A certificate, as its file holds it. It has no date: the same run gives the same bytes. */
export interface Certificate {
  readonly format: typeof FORMAT;
  readonly version: typeof FORMAT_VERSION;
  readonly choices: CertifiedChoices;
  /** Digests of what judged. */
  readonly judge: JudgeDigests;
  /** Versions of packages and of Node. */
  readonly versions: Readonly<Record<string, string>>;
  readonly backends: readonly CertifiedBackend[];
}

/**
 * The certificate of a run.
 *
 * It is no signature: anybody can write one. Its worth is that it can be repeated, by `crl verify --check`.
 * A backend that could not run here is left out.
 *
 * @param reports - one per source, in the same order
 * @param sources - where each backend came from, with the digest of its files
 * @param choices - what the run was asked for
 * @example
 * ```ts
 * import { makeCertificate, sourceOf, verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const choices = { seed: 1, runs: 5, only: ['minority-agrees'] };
 * const report = await verify(referenceBackend, choices);
 * const certificate = makeCertificate([report], [sourceOf('reference')], choices);
 * certificate.backends[0].properties[0].verdict; // → 'passed'
 * ```
 */
export function makeCertificate(
  reports: readonly Report[],
  sources: readonly CertifiedSource[],
  { only, stages, level, known }: Pick<SuiteChoices, 'only' | 'stages' | 'level' | 'known'>,
): Certificate {
  const able = reports.map((report, at) => ({ report, source: sources[at] as CertifiedSource }));
  const judged = able.filter(({ report }) => !isUnavailable(report));
  const { seed = 0, runs = 0, versions = {} } = judged[0]?.report ?? {};
  return withoutPlaces({
    format: FORMAT,
    version: FORMAT_VERSION,
    choices: {
      seed,
      runs,
      level: level ?? null,
      properties: only ?? null,
      stages: stages ?? null,
      known: known ?? [],
    },
    judge: judgeDigests(),
    versions,
    backends: judged.map(({ report, source }) => certified(report, source)),
  });
}

function certified(report: Report, source: CertifiedSource): CertifiedBackend {
  const { backend: name, engine, adapter, supports, passed, levels, coverage, properties, problems } = report;
  const { backend, sha256, files } = source;
  return {
    name,
    engine,
    adapter,
    source: { backend, sha256, files },
    supports,
    passed,
    levels,
    coverage: coverage ? certifiedCoverage(coverage) : null,
    properties: properties.map(({ id, verdict, required, cases, counterexample }) => ({
      id,
      verdict,
      required,
      cases,
      ...(counterexample ? { token: counterexample.token } : {}),
    })),
    problems,
  };
}

function certifiedCoverage({ cases, conditions, short, pairs }: Coverage): CertifiedCoverage {
  const { possible, met } = pairs;
  return {
    cases,
    conditions: Object.fromEntries(conditions.map(({ id, cases: own }) => [id, own])),
    short,
    pairs: { possible, met },
  };
}
