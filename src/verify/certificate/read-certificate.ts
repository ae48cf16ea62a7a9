/**
 * Reads certificates.
 *
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { MOST_RUNS } from '../../../properties/property.js';
import { InputSourceError, shown } from '../../../spec/errors.js';
import { parsedJson } from '../../support/json-text.js';
import { isPrintable, printable } from '../printable.js';
import { type Certificate, FORMAT, FORMAT_VERSION } from './certificate.js';

/** A certificate of all backends of this package has less than a tenth of it. */
const MOST_BYTES = 8 * 2 ** 20;

/** Fields that hold sentences of a backend's author or of errors: they are escaped where they are printed. */
const FREE: readonly string[] = ['problems', 'supports', 'known'];

/** A file that is not a certificate that this version can read. */
export class CertificateError extends InputSourceError<'certificate-invalid'> {
  override readonly name = 'CertificateError';
  constructor(file: string, expected: string, got: string, options?: ErrorOptions) {
    super({ code: 'certificate-invalid', where: `certificate ${file}`, expected, got }, options);
  }
}

/**
 * Reads a certificate and checks all of it that a check uses.
 *
 * @throws CertificateError - if the file cannot be read, or holds no certificate of this version of the format
 * @example
 * ```ts
 * import { readCertificate } from 'class-rectification/verify';
 * const nameOf = (file: string) => {
 *   try {
 *     return readCertificate(file).backends[0].name;
 *   } catch (error) {
 *     return (error as Error).name;
 *   }
 * };
 * nameOf('package.json'); // → 'CertificateError'
 * ```
 */
export function readCertificate(file: string): Certificate {
  let value: unknown;
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MOST_BYTES)
    throw new CertificateError(file, `a file of at most ${MOST_BYTES >> 20} MiB`, `${size} bytes`);
  try {
    value = parsedJson(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CertificateError(file, 'a file of JSON, as --certificate writes it', (cause as Error).message, {
      cause,
    });
  }
  const { format, version } = (value ?? {}) as Partial<Certificate>;
  if (format !== FORMAT) throw new CertificateError(file, `format: ${JSON.stringify(FORMAT)}`, shown(format));
  if (version !== FORMAT_VERSION)
    throw new CertificateError(file, `version ${FORMAT_VERSION} of the format`, shown(version));
  const refuse: Refuse = (where, expected, got) => {
    throw new CertificateError(file, `${where}: ${expected}`, printable(shown(got)));
  };
  checkEntries(value as Certificate, refuse);
  checkPrintable(value, '', refuse);
  return value as Certificate;
}

/** Names are printed: they must not move a terminal's cursor or hide earlier output. */
function checkPrintable(value: unknown, where: string, refuse: Refuse): void {
  if (typeof value === 'string' && !isPrintable(value)) refuse(where, 'printable characters', value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    const name = Array.isArray(value) ? `[${key}]` : where === '' ? key : `.${key}`;
    if (!isPrintable(key)) refuse(where === '' ? 'a field' : where, 'names of printable characters', key);
    if (!FREE.includes(key)) checkPrintable(entry, where + name, refuse);
  }
}

type Refuse = (where: string, expected: string, got: unknown) => void;

function checkEntries({ choices, judge, versions, backends }: Partial<Certificate>, refuse: Refuse): void {
  const demand = (holds: boolean, where: string, expected: string, got: unknown) => {
    if (!holds) refuse(where, expected, got);
  };
  demand(isObject(choices), 'choices', 'an object', choices);
  const { seed, runs, level, properties, stages, known } = choices as Certificate['choices'];
  demand(Number.isInteger(seed), 'choices.seed', 'a whole number', seed);
  demand(
    Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS,
    'choices.runs',
    `a whole number from 1 to ${MOST_RUNS}`,
    runs,
  );
  demand(level === null || typeof level === 'string', 'choices.level', 'a level or null', level);
  for (const [name, list] of Object.entries({ properties, stages }))
    demand(list === null || isListOf(isText)(list), `choices.${name}`, 'a list of names or null', list);
  demand(isListOf(isObject)(known), 'choices.known', 'a list of known failures', known);
  demand(isObject(judge), 'judge', 'digests', judge);
  demand(isObject(versions), 'versions', 'versions by name', versions);
  demand(isListOf(isObject)(backends) && backends?.length !== 0, 'backends', 'one backend or more', backends);
  backends?.forEach((backend, at) => {
    const { name, engine, source, levels, properties: judged } = backend;
    const where = `backends[${at}]`;
    demand(isText(name), `${where}.name`, 'a name', name);
    demand(engine === null || isText(engine), `${where}.engine`, 'a name or null', engine);
    demand(isObject(source) && isText(source.backend), `${where}.source`, 'what was judged', source);
    demand(isListOf(isObject)(levels), `${where}.levels`, 'a list', levels);
    demand(isListOf(isObject)(judged), `${where}.properties`, 'a list', judged);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf(isEntry: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(isEntry);
}
