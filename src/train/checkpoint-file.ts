/**
 * The bytes of a checkpoint and their checksum, by which a file that was changed, cut or padded is recognised.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeDurably } from '../support/write-whole.js';
import { configError } from './config/problems.js';

/** Counted up when the content of a checkpoint changes. */
const FORMAT = 2;
/** What a checkpoint begins with; the format of the file follows as 32 bits. */
const MAGIC = Buffer.from('CRL-CKPT');
/** Bytes of the checksum at the end, SHA-256. */
const CHECKSUM = 32;
const PROLOGUE = MAGIC.length + 8;

/** Numbers by group, such as `model` and `optimiser`: a list of tensors each. */
export type CheckpointTensors = Readonly<Record<string, readonly CheckpointTensor[]>>;

/** A tensor of float32. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a file holds. */
export interface CheckpointContent<Head> {
  readonly head: Head;
  readonly tensors: CheckpointTensors;
}

/**
 * Writes a checkpoint; the one before is kept until the new one is on the disk.
 *
 * The layout: `CRL-CKPT`, the format and the length of the head as 32 bits each, the head as JSON with the
 * shapes of the tensors, the numbers as little-endian float32 in this order, and the SHA-256 of all that.
 *
 * @throws WriteError
 */
export function writeCheckpointFile<Head extends object>(
  file: string,
  { head, tensors }: CheckpointContent<Head>,
): void {
  const shapes = Object.fromEntries(
    Object.entries(tensors).map(([group, its]) => [group, its.map(({ shape }) => shape)]),
  );
  const text = Buffer.from(JSON.stringify({ ...head, shapes }));
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(FORMAT, 0);
  numbers.writeUInt32LE(text.length, 4);
  const values = Object.values(tensors).flatMap((its) =>
    its.map(({ values: { buffer, byteOffset, byteLength } }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const parts = [MAGIC, numbers, text, ...values];
  writeDurably(file, [...parts, digestOf(parts)]);
}

/**
 * Reads a checkpoint.
 *
 * @returns nothing if there is none
 * @throws ConfigError - a file that is not a whole checkpoint of this format: nothing of it is used
 */
export function readCheckpointFile<Head extends object>(file: string): CheckpointContent<Head> | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  refuseOtherFormat(file, bytes);
  const end = bytes.length - CHECKSUM;
  if (end < PROLOGUE || !digestOf([bytes.subarray(0, end)]).equals(bytes.subarray(end)))
    throw configError(
      file,
      'a whole checkpoint',
      `${bytes.length} bytes with a wrong checksum: it was changed, cut or padded; put a copy of it back, or delete it to start the run again`,
    );
  const length = bytes.readUInt32LE(MAGIC.length + 4);
  const text = bytes.subarray(PROLOGUE, PROLOGUE + length).toString();
  const { shapes, ...head } = JSON.parse(text) as Head & { shapes: Record<string, number[][]> };
  let at = PROLOGUE + length;
  const tensors = Object.entries(shapes).map(([group, its]) => [
    group,
    its.map((shape) => {
      const size = 4 * shape.reduce((a, b) => a * b, 1);
      at += size;
      // a copy, since the numbers of a file need not be aligned as a Float32Array must be
      return { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(at - size, at)).buffer) };
    }),
  ]);
  return { head: head as unknown as Head, tensors: Object.fromEntries(tensors) };
}

function refuseOtherFormat(file: string, bytes: Buffer): void {
  const isOurs = bytes.subarray(0, MAGIC.length).equals(MAGIC) && bytes.length >= PROLOGUE;
  const found = isOurs ? bytes.readUInt32LE(MAGIC.length) : firstFormat(bytes) ? 1 : undefined;
  if (found === undefined || found === FORMAT) return;
  const age = found < FORMAT ? 'an earlier' : 'a later';
  throw configError(
    file,
    `a checkpoint of format ${FORMAT}`,
    `format ${found}, of ${age} version of class-rectification; continue with that version, or train in another folder`,
  );
}

/** The first format began with the length of its head, and had no checksum. */
function firstFormat(bytes: Buffer): boolean {
  return bytes.subarray(4, 16).toString() === '{"version":1';
}

function digestOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
