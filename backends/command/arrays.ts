/**
 * Arrays in messages: base64 of little-endian numbers, with shape and type, so that each number arrives bit by bit.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { ProtocolError } from './protocol-error.js';

/** An array in a message. */
export interface WireArray {
  readonly dtype: keyof typeof TYPES;
  readonly shape: readonly number[];
  /** Base64 of the numbers in row-major order, little-endian. */
  readonly data: string;
}

const TYPES = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

type NumbersOf<D extends keyof typeof TYPES> = InstanceType<(typeof TYPES)[D]>;
type Numbers = NumbersOf<keyof typeof TYPES>;

/** Which end of a number comes first on this machine. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** An array as a message holds it. */
export function toWire(
  dtype: WireArray['dtype'],
  data: ArrayLike<number>,
  shape: readonly number[],
): WireArray {
  const Type = TYPES[dtype];
  const numbers = data instanceof Type ? (data as Numbers) : Type.from(data);
  return { dtype, shape, data: bytesOf(numbers).toString('base64') };
}

/** A matrix as a message holds it: in row-major order, however it lies in memory. */
export function matrixToWire(dtype: WireArray['dtype'], matrix: NdArray): WireArray {
  const [rows = 0, width = 0] = matrix.shape;
  return toWire(dtype, rowMajor(matrix), [rows, width]);
}

/** The numbers of a matrix in row-major order. */
export function rowMajor(matrix: NdArray): ArrayLike<number> {
  const { shape, stride, offset, data } = matrix;
  const [rows = 0, width = 0] = shape;
  if (offset === 0 && stride[0] === width && stride[1] === 1 && data.length === rows * width)
    return data as ArrayLike<number>;
  return Float64Array.from({ length: rows * width }, (_, at) =>
    matrix.get(Math.floor(at / width), at % width),
  );
}

/**
 * Reads an array of an answer.
 *
 * @param where - names it, such as `gradient`
 * @param shape - the shape that it must have; none where the backend decides
 * @param dtypes - the types that it may have
 * @throws ProtocolError - if it is not an array, or another than was asked for
 */
export function fromWire<D extends WireArray['dtype']>(
  where: string,
  value: unknown,
  dtypes: readonly D[],
  shape?: readonly number[],
): NumbersOf<D> {
  const { dtype, shape: got, data } = Object(value) as Partial<WireArray>;
  if (typeof data !== 'string' || !Array.isArray(got) || typeof dtype !== 'string')
    throw new ProtocolError(where, 'an array as {dtype, shape, data}', value);
  if (!(dtypes as readonly string[]).includes(dtype))
    throw new ProtocolError(`${where}.dtype`, dtypes.join(' or '), dtype);
  const entries = got.reduce((product: number, size: number) => product * size, 1);
  const fits = shape === undefined || (shape.length === got.length && shape.every((n, at) => n === got[at]));
  if (!fits) throw new ProtocolError(`${where}.shape`, `[${shape?.join(', ')}]`, got);
  const Type = TYPES[dtype];
  const bytes = Buffer.from(data, 'base64'); // which leaves out what is no base64
  if (!isBase64(data, bytes)) throw new ProtocolError(`${where}.data`, 'base64', data);
  if (bytes.byteLength !== entries * Type.BYTES_PER_ELEMENT) {
    const expected = `${entries * Type.BYTES_PER_ELEMENT} for ${dtype} of shape [${got.join(', ')}]`;
    throw new ProtocolError(`${where}.data: bytes`, expected, bytes.byteLength);
  }
  if (!IS_LITTLE_ENDIAN) swap(bytes, Type.BYTES_PER_ELEMENT);
  // a copy, since the bytes of a Buffer need not begin where such a number may begin
  return new Type(Uint8Array.from(bytes).buffer) as NumbersOf<D>;
}

/** An ndarray of an answer. */
export function ndarrayFromWire<D extends WireArray['dtype']>(
  where: string,
  value: unknown,
  dtypes: readonly D[],
  shape: readonly number[],
): NdArray<NumbersOf<D>> {
  return ndarray(fromWire(where, value, dtypes, shape), [...shape]) as NdArray<NumbersOf<D>>;
}

/** Whether a text is no more than the base64 of these bytes; it may lack the padding, and have line breaks. */
function isBase64(text: string, bytes: Buffer): boolean {
  const right = bytes.toString('base64');
  const bare = (of: string) => of.replaceAll(/\s+|=+$/g, '');
  return text === right || bare(text) === bare(right);
}

function bytesOf(numbers: Numbers): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (IS_LITTLE_ENDIAN || numbers.BYTES_PER_ELEMENT === 1) return bytes;
  return swap(Buffer.from(bytes), numbers.BYTES_PER_ELEMENT);
}

function swap(bytes: Buffer, width: number): Buffer {
  if (width === 8) return bytes.swap64();
  return width === 4 ? bytes.swap32() : bytes;
}
