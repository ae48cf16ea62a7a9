/**
 * A backend in a process of its own, written in any language, that speaks a protocol on standard input and
 * output: `docs/protocol.md`.
 *
 * @module
 */
import type {
  Backend,
  BalancedLoss,
  BalancedOptions,
  Batch,
  Capabilities,
  HardSamples,
  MinoritySelection,
  Options,
  RectificationLoss,
  ReplicaLoss,
  ReplicatedStep,
  Stage,
  TrainingResult,
  TrainingStep,
  Triplets,
} from '../../spec/index.js';
import { STAGES } from '../../spec/rules.js';
import { fromWire, matrixToWire, ndarrayFromWire, toWire } from './arrays.js';
import { Conversation, type ConversationOptions } from './conversation.js';
import { batchToWire, EXTRAS, type Extra, type Hello, PROTOCOL_VERSION, type Question } from './messages.js';
import { ProtocolError } from './protocol-error.js';

export type { WireArray } from './arrays.js';
export type { ConversationOptions } from './conversation.js';
export type { Answer, Hello, Question, WireBatch, WireTraining } from './messages.js';
export { PROTOCOL_VERSION } from './messages.js';
export { NoAnswerError, ProcessError, ProtocolError } from './protocol-error.js';
export { commandIn, commandName, splitCommand } from './split-command.js';

/** Types of the numbers that a gradient may have. */
const FLOATS = ['float64', 'float32'] as const;

/**
 * Starts a program and returns the backend that it offers. Its stages are asynchronous; if it answers `train`,
 * the properties of training judge it too.
 *
 * @throws ProcessError - if it cannot be started or does not answer
 * @throws ProtocolError - if it answers something else than the protocol asks for
 */
export async function commandBackend(options: ConversationOptions): Promise<Backend> {
  const conversation = new Conversation(options);
  try {
    const hello = readHello(await conversation.ask({ ask: 'hello', protocol: PROTOCOL_VERSION }));
    return backendOf(hello, conversation);
  } catch (error) {
    await conversation.close();
    throw error;
  }
}

function readHello(answer: unknown): Hello {
  const { protocol, name, supports, answers } = Object(answer) as Partial<Hello>;
  if (protocol !== PROTOCOL_VERSION)
    throw new ProtocolError('hello.protocol', String(PROTOCOL_VERSION), protocol);
  if (typeof name !== 'string' || name === '') throw new ProtocolError('hello.name', 'a name', name);
  if (typeof supports !== 'object' || supports === null)
    throw new ProtocolError('hello.supports', 'an object of capabilities', supports);
  const known: readonly string[] = [...STAGES, ...EXTRAS];
  if (!Array.isArray(answers) || !answers.every((each) => known.includes(each)))
    throw new ProtocolError('hello.answers', `a list of ${known.join(', ')}`, answers);
  return answer as Hello;
}

function backendOf({ name, engine, supports, answers }: Hello, conversation: Conversation): Backend {
  const ask = (question: Question) => conversation.ask(question);
  const stages: Pick<Backend, Exclude<Stage, 'balancedLoss'> | Extra> = {
    async selectMinority(batch: Batch, options: Options): Promise<MinoritySelection> {
      return (await ask({ ask: 'selectMinority', batch: batchToWire(batch), options })) as MinoritySelection;
    },
    async mineHardSamples(
      batch: Batch,
      selection: MinoritySelection,
      options: Options,
    ): Promise<HardSamples> {
      const question = { ask: 'mineHardSamples', batch: batchToWire(batch), selection, options } as const;
      return (await ask(question)) as HardSamples;
    },
    async formTriplets(hard: HardSamples, options: Options): Promise<Triplets> {
      const answer = await ask({ ask: 'formTriplets', hard, options });
      const rows = fromWire('triplets', answer, ['int32']).length / 5;
      return ndarrayFromWire('triplets', answer, ['int32'], [rows, 5]);
    },
    async rectificationLoss(
      batch: Batch,
      hard: HardSamples,
      triplets: Triplets,
      options: Options,
    ): Promise<RectificationLoss> {
      const wire = { batch: batchToWire(batch), hard, triplets: matrixToWire('int32', triplets), options };
      const answer = Object(await ask({ ask: 'rectificationLoss', ...wire })) as RectificationLoss;
      const shape = options.level === 'class' ? scoreShape(batch) : featureShape(batch);
      const loss = readNumber('loss', answer.loss);
      return { loss, gradient: ndarrayFromWire('gradient', answer.gradient, FLOATS, shape) };
    },
    async train(batch: Batch, options: BalancedOptions, step: TrainingStep = {}): Promise<TrainingResult> {
      const { madeAt = options.alpha, withoutAlpha = false, weight = 1, before = [], weights } = step;
      const { evaluated = false, beside } = step;
      const training = {
        madeAt,
        upstream: weight,
        before: before.map(batchToWire),
        evaluated,
        ...(beside ? { beside: besideToWire(beside) } : {}),
        ...(weights ? { weights: toWire('float64', weights, [batch.size]) } : {}),
      };
      // without an α of its own, a step takes the one that the loss was made with
      const own = withoutAlpha ? { ...options, alpha: madeAt } : options;
      const answer = await ask({ ask: 'train', batch: batchToWire(batch), options: own, training });
      return readTraining(answer, batch, options, step);
    },
    async lossOnReplicas(
      shards: readonly Batch[],
      options: BalancedOptions,
      { averaging, weights }: ReplicatedStep,
    ): Promise<ReplicaLoss[]> {
      const ofShards = weights?.map((own) => toWire('float64', own, [own.length]));
      const answer = await ask({
        ask: 'lossOnReplicas',
        shards: shards.map(batchToWire),
        options,
        averaging,
        ...(ofShards ? { weights: ofShards } : {}),
      });
      return readReplicas(answer, shards, options);
    },
  };
  const answered = Object.entries(stages).filter(([stage]) => answers.includes(stage as Stage));
  return {
    name,
    ...(engine === undefined ? {} : { engine }),
    supports: { ...(supports as Capabilities), execution: 'async' },
    ...(Object.fromEntries(answered) as typeof stages),
    async balancedLoss(batch: Batch, options: BalancedOptions): Promise<BalancedLoss> {
      const answer = await ask({ ask: 'balancedLoss', batch: batchToWire(batch), options });
      const { gradient, featureGradient, statistics, ...parts } = Object(answer) as Record<string, unknown>;
      const part = (name: string) => readNumber(name, parts[name]);
      const ofFeatures = supports.gradient && options.level === 'instance';
      return {
        loss: part('loss'),
        rectification: part('rectification'),
        crossEntropy: part('crossEntropy'),
        statistics: statistics as BalancedLoss['statistics'],
        gradient: ndarrayFromWire('gradient', gradient, FLOATS, scoreShape(batch)),
        ...(ofFeatures
          ? {
              featureGradient: ndarrayFromWire(
                'featureGradient',
                featureGradient,
                FLOATS,
                featureShape(batch),
              ),
            }
          : {}),
      };
    },
    dispose: () => conversation.close(),
  };
}

function readTraining(
  answer: unknown,
  batch: Batch,
  options: BalancedOptions,
  { weight = 1, weights, evaluated, beside }: TrainingStep,
): TrainingResult {
  const { loss, gradient, featureGradient, sampleLosses, ...more } = Object(answer) as Record<
    string,
    unknown
  >;
  const ofUpstream = (where: string, value: unknown, shape: readonly number[]) =>
    Float64Array.from(fromWire(where, value, FLOATS, shape), (x) => x / weight);
  return {
    loss: readNumber('loss', loss),
    gradient: ofUpstream('gradient', gradient, scoreShape(batch)),
    ...(options.level === 'instance'
      ? { featureGradient: ofUpstream('featureGradient', featureGradient, featureShape(batch)) }
      : {}),
    ...(weights ? { sampleLosses: fromWire('sampleLosses', sampleLosses, FLOATS, [batch.size]) } : {}),
    ...(evaluated ? { evaluated: readNumber('evaluated', more.evaluated) } : {}),
    ...(beside ? { beside: readTraining(more.beside, beside.batch, beside.options, { weight }) } : {}),
  };
}

function readReplicas(answer: unknown, shards: readonly Batch[], options: BalancedOptions): ReplicaLoss[] {
  if (!Array.isArray(answer) || answer.length !== shards.length)
    throw new ProtocolError('lossOnReplicas', `a list of ${shards.length} losses, one per shard`, answer);
  return shards.map((shard, r) => {
    const { loss, gradient, featureGradient } = Object(answer[r]) as Record<string, unknown>;
    const of = (name: string, value: unknown, shape: readonly number[]) =>
      ndarrayFromWire(`[${r}].${name}`, value, FLOATS, shape);
    return {
      loss: readNumber(`[${r}].loss`, loss),
      gradient: of('gradient', gradient, scoreShape(shard)),
      ...(options.level === 'instance'
        ? { featureGradient: of('featureGradient', featureGradient, featureShape(shard)) }
        : {}),
    };
  });
}

/** A number of an answer. JSON has no NaN and no infinity, so those come as text. */
function readNumber(where: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new ProtocolError(where, 'a number, or "NaN", "Infinity" or "-Infinity"', value);
}

function scoreShape({ size, scoreWidth }: Batch): number[] {
  return [size, scoreWidth];
}

function featureShape({ size, features }: Batch): number[] {
  const { width = 0, perAttribute = false, matrices = [] } = features ?? {};
  return perAttribute ? [matrices.length, size, width] : [size, width];
}

/** The loss beside a step; only where it is the loss of the step, the message says so. */
function besideToWire({ batch, options, isSameLoss }: NonNullable<TrainingStep['beside']>) {
  return { batch: batchToWire(batch), options, ...(isSameLoss ? { sameLoss: true } : {}) };
}
