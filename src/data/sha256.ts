/**
 * SHA-256 (FIPS 180-4) of a text, at once and without Node: what seeds of keyed random numbers are
 * drawn from, in a browser too, whose own digest is a promise.
 *
 * @module
 */

/** The first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The first 32 bits of a number's fraction. */
const fraction = (x: number) => ((x - Math.floor(x)) * 2 ** 32) | 0;

/** The round constants: cube roots of the first 64 primes. */
const ROUNDS = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
/** The initial state: square roots of the first 8 primes. */
const START = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));

const rotated = (x: number, by: number) => (x >>> by) | (x << (32 - by));

/**
 * The 32 bytes of the hash of a text in UTF-8.
 */
export function sha256(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  // the text, a bit, zeros, and its length in bits: in whole blocks of 64 bytes
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 8, Math.floor(bytes.length / 2 ** 29));
  padded.setUint32(padded.byteLength - 4, bytes.length << 3);
  const state = Int32Array.from(START);
  for (let block = 0; block < padded.byteLength; block += 64) mix(state, padded, block);
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => {
    hash.setInt32(at * 4, word);
  });
  return hash;
}

function mix(state: Int32Array, text: DataView, block: number): void {
  const words = new Int32Array(64);
  const word = (at: number) => words[at] as number;
  for (let t = 0; t < 16; t++) words[t] = text.getInt32(block + t * 4);
  for (let t = 16; t < 64; t++) {
    const [early, late] = [word(t - 15), word(t - 2)];
    const small0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const small1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    words[t] = word(t - 16) + small0 + word(t - 7) + small1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  for (let t = 0; t < 64; t++) {
    const large1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const first = (h + large1 + chosen + (ROUNDS[t] as number) + word(t)) | 0;
    const large0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + large0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => {
    state[at] = (state[at] as number) + value;
  });
}
