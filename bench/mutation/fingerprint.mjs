/**
 * Hashes a value into 53 bits, so that two answers can be compared without keeping them: numbers to the last
 * bit, arrays by shape and content, for any layout, errors by their messages.
 *
 * @param {unknown} value
 * @returns {number}
 */
export function fingerprint(value) {
  const state = { high: 0x9e3779b9 | 0, low: 0x85ebca6b | 0 };
  take(state, value);
  return (state.high >>> 11) * 2 ** 32 + (state.low >>> 0);
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

function take(state, value) {
  if (typeof value === 'number') {
    float[0] = value;
    mix(state, words[0]);
    mix(state, words[1]);
  } else if (ArrayBuffer.isView(value)) {
    mix(state, value.length);
    for (let i = 0; i < value.length; i++) take(state, value[i]);
  } else if (Array.isArray(value)) {
    mix(state, value.length);
    for (const entry of value) take(state, entry);
  } else if (typeof value === 'string') {
    for (let i = 0; i < value.length; i++) mix(state, value.charCodeAt(i));
  } else if (value instanceof Error) {
    take(state, `${value.name}: ${value.message}`);
  } else if (typeof value?.get === 'function' && Array.isArray(value.shape)) {
    take(state, value.shape);
    takeArray(state, value, []);
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      take(state, key);
      take(state, value[key]);
    }
  } else {
    take(state, String(value));
  }
}

function takeArray(state, array, place) {
  if (place.length === array.shape.length) take(state, array.get(...place));
  else if (place.length === array.shape.length - 1) {
    const axis = place.length;
    const step = array.stride[axis];
    let at = array.offset + place.reduce((sum, index, k) => sum + index * array.stride[k], 0);
    for (let i = 0; i < array.shape[axis]; i++, at += step) take(state, array.data[at]);
  } else {
    for (let i = 0; i < array.shape[place.length]; i++) takeArray(state, array, [...place, i]);
  }
}

/** Two multiplicative hashes with different factors; each word goes into both. */
function mix(state, word) {
  state.high = Math.imul(state.high ^ word, 0x01000193) ^ (state.low >>> 15);
  state.low = Math.imul(state.low ^ (word + 0x7f4a7c15), 0x5bd1e995) ^ (state.high >>> 13);
}
