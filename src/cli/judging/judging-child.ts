/**
 * The judging process: it makes a backend and judges one property per request.
 *
 * @module
 */
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { KeptCases, thrownPlace } from '../../../properties/index.js';
import { isInputError, shown, thrownText } from '../../../spec/rules.js';
import { versions } from '../../support/versions.js';
import { DEFAULT_TIMEOUT } from '../../verify/answer-in-time.js';
import { jsonText } from '../../verify/report/difference.js';
import { type LocalSession, openSession } from '../../verify/session.js';
import { LEFT_BEHIND, LOADING, type Watch } from '../../verify/watch.js';
import { findBackend } from '../backends.js';
import { targetText } from '../targets.js';
import { flightRecorder } from './flight-recorder.js';
import { DEFAULT_MEMORY } from './memory-limits.js';
import type { JudgingReply, JudgingRequest, JudgingTarget } from './messages.js';
import { LOADING as LOADING_OUTPUT, outputMark } from './printed-output.js';
import { CHANNEL, canBeSent, hearMessages, sendMessage } from './private-channel.js';
import type { GuardedProcess } from './process-guard.js';

process.setSourceMapsEnabled(true); // a backend in TypeScript fails at a line of its file
const channel = new Socket({ fd: CHANNEL, readable: true, writable: true });
/** That of the last request: what bears another is not from here. */
let token = '';
const reply = (message: JudgingReply, sent?: () => void) => sendMessage(channel, token, message, sent);

channel.on('error', () => {}); // its end is told by 'close'
channel.once('close', () => process.exit());
const [memory, overMemory = ''] = process.argv.slice(2);
const mebibytes = Number(memory) / 2 ** 20;
const guarded: GuardedProcess = { parent: process.ppid, limit: { memory: Number(memory), overMemory } };
new Worker(new URL('./process-guard.js', import.meta.url), { workerData: guarded }).unref();

let isEnding = false;
const onStray = (thrown: unknown) => {
  if (isEnding) return; // more of them may come before the reply is out, and must not end the process
  isEnding = true;
  reply({ kind: 'stray', what: `${thrownText(thrown)}${thrownPlace(thrown)}` }, () => process.exit());
};
process.on('unhandledRejection', onStray);
process.on('uncaughtException', onStray);

let session: LocalSession | undefined;
let target: JudgingTarget | undefined;
let watch: Watch | undefined;
let kept: { readonly name: string; readonly cases: KeptCases } | undefined;

hearMessages(channel, async (ofRequest, request) => {
  token = ofRequest;
  try {
    reply(await answer(request as JudgingRequest));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(shown(error));
    const isExpected = isInputError(error) || name === 'CouldNotRunError';
    reply({ kind: 'refused', name, message, isExpected });
  }
});

async function answer(request: JudgingRequest): Promise<JudgingReply> {
  if (request.kind === 'open') return open(request);
  if (session === undefined) throw new Error('nothing is open');
  if (request.kind === 'close') return { kind: 'closed', problem: await session.close() };
  const { id, how } = request;
  markOutput(id);
  const report =
    request.kind === 'judge' ? await session.judge(id, how) : session.judgeLost(id, how, request.lost);
  if (request.kind === 'judge') await leftBehind(LEFT_BEHIND);
  return { kind: 'judged', report: sendable(report), hung: session.unanswered };
}

/**
 * Lets run what the backend has left for later, such as a timer of 0 ms, and tells the watch of it as of a call: if
 * it blocks, this is due to what came before, not to what comes next.
 */
async function leftBehind(by: string): Promise<void> {
  const ended = watch?.onCall(by);
  await wait(1);
  ended?.();
}

/** Separates what is printed from here on from what was printed before. */
function markOutput(id: string): void {
  for (const stream of [process.stdout, process.stderr])
    stream.write(outputMark(targetText(target as JudgingTarget), id));
}

async function open({
  target: asked,
  record,
  unanswered,
  keep,
}: Extract<JudgingRequest, { kind: 'open' }>): Promise<JudgingReply> {
  const isFirst = target === undefined;
  target = asked;
  if (!isFirst) markOutput(LOADING_OUTPUT);
  const { backend: as, engine, timeout } = asked;
  watch = flightRecorder(record);
  const loaded = watch.onCall(LOADING);
  const module = await findBackend(as, timeout);
  loaded();
  const limits = {
    ...(timeout === DEFAULT_TIMEOUT ? {} : { timeout }),
    ...(mebibytes === DEFAULT_MEMORY ? {} : { memory: mebibytes }),
  };
  if (kept?.name !== keep) kept = keep === undefined ? undefined : { name: keep, cases: new KeptCases() };
  session = await openSession(module, {
    ...{ engine, timeout, as, watch, unanswered, replay: limits },
    kept: kept?.cases,
  });
  await leftBehind(LOADING);
  const { name, engine: on, adapter, supports } = session.backend;
  const head = { name, ...(on && { engine: on }), ...(adapter && { adapter }) };
  const known = { ...head, ...(supports && { supports: sendable(supports) }) };
  return { kind: 'opened', backend: known, versions: { ...versions(), ...session.backend.versions } };
}

/** A backend may have answered with what cannot leave its process, such as a function: then as JSON. */
function sendable<T>(value: T): T {
  return canBeSent(value) ? value : JSON.parse(jsonText(value));
}
