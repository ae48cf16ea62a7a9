/**
 * A backend from outside, asked with care: what it answers has the shape that the contract says, and
 * it answers in time.
 *
 * Without this the suite would trip over `undefined` in words of its own, and a promise that never
 * settles would end the process without a verdict.
 *
 * @module
 */
import { STAGES } from '../properties/index.js';
import type { Backend, Batch, Capabilities, Options, Stage } from '../spec/index.js';
import { writeDocument } from '../spec/index.js';

/** How a backend is guarded. */
export interface GuardOptions {
  /** How long a promise of the backend may take. */
  readonly seconds: number;
  /** Called once it takes longer; the call never settles then. */
  readonly onHang: (message: string) => void;
}

/** All members of the contract: one that is added must be listed, or it would be lost on the way. */
const MEMBERS = Object.keys({
  name: true,
  engine: true,
  adapter: true,
  supports: true,
  selectMinority: true,
  mineHardSamples: true,
  formTriplets: true,
  rectificationLoss: true,
  balancedLoss: true,
  tensorLoss: true,
  resources: true,
  dispatches: true,
  dispose: true,
} satisfies Record<keyof Backend, true>) as (keyof Backend)[];

const CAPABILITIES = {
  encodings: ['categorical', 'multi-label', 'one-attribute'],
  levels: ['class', 'instance'],
  comparisons: ['relative', 'absolute', 'distribution'],
  precision: ['float32', 'float64'],
  execution: ['sync', 'async', 'tensor'],
} satisfies Partial<Record<keyof Capabilities, readonly string[]>>;

/**
 * The same backend, guarded.
 *
 * @throws RangeError - if it declares a capability that there is not
 */
export function guarded(backend: Backend, options: GuardOptions): Backend {
  checkCapabilities(backend);
  const { gradient } = backend.supports;
  const members = MEMBERS.filter((key) => backend[key] !== undefined).map((key) => {
    const member = backend[key] as unknown;
    if (typeof member !== 'function') return [key, member];
    const stage = STAGES.find((name) => name === key);
    if (stage === undefined) return [key, member.bind(backend)];
    return [
      key,
      (...given: unknown[]) => {
        const answer = member.apply(backend, given);
        if (!isPromise(answer)) return checkAnswer(stage, answer, gradient);
        const checked = inTime(answer, stage, given, options).then((settled) =>
          checkAnswer(stage, settled, gradient),
        );
        // training drops the promise of a backend that claims to be `sync`: that is told elsewhere
        checked.catch(() => {});
        return checked;
      },
    ];
  });
  return Object.fromEntries(members);
}

/** A promise, or what `onHang` does if it does not settle. */
function inTime(
  answer: PromiseLike<unknown>,
  stage: Stage,
  given: readonly unknown[],
  options: GuardOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      options.onHang(`${stage} gave no answer within ${options.seconds} s${batchOf(given)}`);
    }, options.seconds * 1000);
    answer.then(resolve, reject);
    Promise.resolve(answer)
      .catch(() => {})
      .finally(() => clearTimeout(timer));
  });
}

function batchOf(given: readonly unknown[]): string {
  const [batch] = given as [Partial<Batch> | undefined];
  if (batch?.membership === undefined) return '';
  const options = given.at(-1) as Options;
  return `; the batch, for crl explain:\n${JSON.stringify(writeDocument(batch as Batch, options))}`;
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const LOSS: Shape = { loss: isNumber };
const SHAPES: Record<Stage, Shape> = {
  selectMinority: { profile: isListOfLists, minority: isListOfLists },
  mineHardSamples: {
    anchors: (value) => isList(value) && value.every((a) => isList(a?.positives) && isList(a?.negatives)),
  },
  formTriplets: {},
  rectificationLoss: LOSS,
  balancedLoss: { ...LOSS, rectification: isNumber, crossEntropy: isNumber, statistics: isObject },
};

function checkAnswer(stage: Stage, answer: unknown, gradient: boolean): unknown {
  const shape =
    stage.endsWith('Loss') && gradient ? { ...SHAPES[stage], gradient: isNdArray } : SHAPES[stage];
  const whole = stage === 'formTriplets' ? 'an ndarray of |T|×5' : `{ ${Object.keys(shape).join(', ')} }`;
  if (stage === 'formTriplets' ? !isNdArray(answer) : !isObject(answer))
    throw new TypeError(`${stage}: expected ${whole}, got ${kindOf(answer)}`);
  for (const [key, fits] of Object.entries(shape)) {
    const value = (answer as Record<string, unknown>)[key];
    if (!fits(value))
      throw new TypeError(`${stage}: expected ${whole} as in spec/contract.ts, got ${key}: ${kindOf(value)}`);
  }
  return answer;
}

function checkCapabilities({ name, supports }: Backend): void {
  for (const [key, known] of Object.entries(CAPABILITIES)) {
    const declared = [supports[key as keyof typeof CAPABILITIES]].flat();
    const wrong = declared.find((value) => !known.includes(value));
    if (wrong === undefined && declared.every((value) => value !== undefined)) continue;
    throw new RangeError(
      `backend ${name}: supports.${key}: expected ${known.join(', ')}, got ${JSON.stringify(wrong) ?? wrong}`,
    );
  }
  if (typeof supports.gradient === 'boolean') return;
  throw new RangeError(
    `backend ${name}: supports.gradient: expected true or false, got ${supports.gradient}`,
  );
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

// biome-ignore lint/suspicious/noExplicitAny: its entries are anything until they are looked at
function isList(value: unknown): value is any[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isListOfLists(value: unknown): boolean {
  return isList(value) && value.every(isList);
}

function isNdArray(value: unknown): boolean {
  const { shape, get } = (value ?? {}) as { shape?: unknown; get?: unknown };
  return isList(shape) && typeof get === 'function';
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
