import { PassThrough } from 'node:stream';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { canBeSent, hearMessages, sendMessage } from './private-channel.js';

/** A stream, and what is heard of it. */
function heard() {
  const stream = new PassThrough();
  const messages: [string, unknown][] = [];
  const found = { stream, messages, garbage: 0 };
  const onMessage = (token: string, body: unknown) => {
    messages.push([token, body]);
  };
  hearMessages(stream, onMessage, () => {
    found.garbage += 1;
  });
  return found;
}

describe('a channel', () => {
  it('brings each message with its token, also numbers that JSON lacks, however its bytes are cut', async () => {
    const sent = new PassThrough();
    const bodies = [
      { loss: Number.NaN },
      new Map([['a', Number.NEGATIVE_INFINITY]]),
      undefined,
      'é'.repeat(70_000),
    ];
    for (const [at, body] of bodies.entries()) sendMessage(sent, `token ${at}`, body);
    const bytes = sent.read() as Buffer;
    for (const size of [1, 3, 4096, bytes.length]) {
      const { stream, messages } = heard();
      for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
      await new Promise((done) => stream.end(done));
      expect(messages).toEqual(bodies.map((body, at) => [`token ${at}`, body]));
    }
  });

  it.each([
    ['a text', Buffer.from('a text')],
    ['no message of its length', Buffer.from([4, 0, 0, 0, 1, 2, 3, 4])],
    ['what is no pair', Buffer.concat([Buffer.from([4, 0, 0, 0]), serialize(null)])],
  ])('tells once that %s is no message, and hears nothing after it', async (_, bytes) => {
    const found = heard();
    found.stream.write(bytes);
    sendMessage(found.stream, 'token', 'later');
    found.stream.write(bytes);
    await new Promise((done) => found.stream.end(done));
    expect([found.garbage, found.messages]).toEqual([1, []]);
  });

  it('cannot send a function', () => {
    expect([{ a: [1] }, { a: () => 1 }].map(canBeSent)).toEqual([true, false]);
  });
});
