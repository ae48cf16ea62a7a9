/**
 * The channel between the command and a judging process. The channel that Node makes for `process.send` belongs to
 * everything in a process, so that a backend could answer in the place of its judge, or take the channel away: this
 * one is a pipe that only the judge holds, and a reply bears a token that only its request told.
 *
 * @module
 */
import type { Duplex, Readable, Writable } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/** The file descriptor of the pipe in the judging process: the first after those of the standard streams. */
export const CHANNEL = 3;

/** What stands before each message: its length in bytes. */
const HEAD = 4;
/** Longest message in bytes: a longer one is taken for bytes that another has written. */
const LONGEST_MESSAGE = 2 ** 30;

/** Sends a message. @param sent - is called once it has left, or cannot leave any more */
export function sendMessage(
  stream: Writable,
  token: string,
  body: unknown,
  sent: (error?: Error | null) => void = () => {},
): void {
  const message = serialize([token, body]); // keeps NaN, the infinities and maps
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(message.length);
  stream.write(Buffer.concat([head, message]), sent);
}

/** Whether a value can be sent as it is: a function, for example, cannot leave its process. */
export function canBeSent(value: unknown): boolean {
  try {
    serialize(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Hears every message.
 *
 * @param onGarbage - is called once if bytes arrive that are no message; nothing is heard after them
 */
export function hearMessages(
  stream: Readable,
  onMessage: (token: string, body: unknown) => void,
  onGarbage: () => void = () => {},
): void {
  let chunks: Buffer[] = [];
  let length = 0;
  /** Takes the next bytes, or nothing if there are not so many yet. */
  const take = (wanted: number): Buffer | undefined => {
    if (length < wanted) return undefined;
    const all = Buffer.concat(chunks, length);
    [chunks, length] = [[all.subarray(wanted)], length - wanted];
    return all.subarray(0, wanted);
  };
  let awaited: number | undefined;
  const read = () => {
    for (;;) {
      awaited ??= take(HEAD)?.readUInt32LE();
      if (awaited === undefined) return;
      if (awaited > LONGEST_MESSAGE) throw new RangeError('no message is so long');
      const message = take(awaited);
      if (message === undefined) return;
      awaited = undefined;
      const [token, body] = deserialize(message) as [string, unknown];
      onMessage(token, body);
    }
  };
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    try {
      read();
    } catch {
      stream.off('data', onData).resume();
      onGarbage();
    }
  };
  stream.on('data', onData);
}

/** The pipe of a judging process that was started with one at {@link CHANNEL}; undefined for any other. */
export function channelOf(child: { readonly stdio: readonly unknown[] } | undefined): Duplex | undefined {
  return (child?.stdio[CHANNEL] ?? undefined) as Duplex | undefined;
}
