/**
 * Probabilities of float32 logits, row by row and in place, with what the cross entropy needs. AssemblyScript,
 * compiled by `npm run wasm`.
 */
import { exponentials } from './exponential';
import { upperTwo } from './lanes';

/** The bits of +∞: those of a number without its sign are below them if and only if it is finite. */
const INFINITE = 0x7f800000;

/**
 * Turns rows of logits into probabilities, by a softmax over the classes of each attribute. A probability is
 * e^(z − largest), rounded, times 1/total, rounded: at most 1, and monotone in the logit.
 *
 * @param scores - the rows, without gaps
 * @param attributes - J
 * @param first - J + 1 int32: the classes of attribute j are the columns first[j] to first[j + 1] − 1
 * @param largest - receives of each row and attribute its largest logit, float32
 * @param totals - receives the sum of e^(z − largest), float64
 * @returns false if a logit is not finite
 */
export function softmax(
  scores: usize,
  rows: i32,
  attributes: i32,
  first: usize,
  largest: usize,
  totals: usize,
): bool {
  let bits = i32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < attributes; j++) {
      const at = first + ((<usize>j) << 2);
      const count = load<i32>(at, 4) - load<i32>(at);
      const whole = scores + ((<usize>(count & ~3)) << 2);
      const rest = count & 3;
      const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
      let most = f32x4.splat(load<f32>(scores));
      for (let z = scores; z < whole; z += 16) {
        const four = v128.load(z);
        most = f32x4.pmax(most, four);
        bits = i32x4.max_u(bits, f32x4.abs(four));
      }
      if (rest) {
        const four = v128.bitselect(v128.load(whole), most, inside);
        most = f32x4.pmax(most, four);
        bits = i32x4.max_u(bits, f32x4.abs(four));
      }
      most = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
      most = f32x4.pmax(most, i32x4.shuffle(most, most, 1, 0, 3, 2));
      const top = f32x4.extract_lane(most, 0);
      const total = exponentials(scores, scores, count, top);
      const share = f32x4.splat(<f32>(1 / total));
      for (let z = scores; z < whole; z += 16) v128.store(z, f32x4.mul(v128.load(z), share));
      if (rest) {
        const four = v128.load(whole);
        v128.store(whole, v128.bitselect(f32x4.mul(four, share), four, inside));
      }
      store<f32>(largest, top);
      store<f64>(totals, total);
      largest += 4;
      totals += 8;
      scores += (<usize>count) << 2;
    }
  }
  return areFinite(bits);
}

/** So many logits are taken together that the product of their 1 + e, each at most 2, does not overflow. */
const PART = 512;

/**
 * Turns rows of logits into probabilities, by the sigmoid of each. With e = e^−|z| that is 1/(1 + e) or
 * e/(1 + e), divided in float64, so that it is monotone.
 *
 * @param scores - the rows, without gaps
 * @param labels - rows of int32: 1, 0, or −1 for unlabelled
 * @param powers - has space for 512 numbers
 * @param sums - receives three float64 for every 512 columns of a row, or what is left of them, over the labelled
 * logits: the sum of max(0, z) − z·label, the sum of the e, and the product of the 1 + e, whose logarithm
 * completes the cross entropy
 * @returns false if a logit is not finite
 */
export function sigmoid(
  scores: usize,
  rows: i32,
  width: i32,
  labels: usize,
  powers: usize,
  sums: usize,
): bool {
  let finite = true;
  for (let r = 0; r < rows; r++) {
    for (let from = 0; from < width; from += PART) {
      const count = min(PART, width - from);
      if (!sigmoidPart(scores, count, labels, powers, sums)) finite = false;
      const bytes = (<usize>count) << 2;
      scores += bytes;
      labels += bytes;
      sums += 24;
    }
  }
  return finite;
}

function sigmoidPart(scores: usize, count: i32, labels: usize, powers: usize, sums: usize): bool {
  const end = scores + ((<usize>count) << 2);
  const zero = f32x4.splat(0);
  let bits = i32x4.splat(0);
  let to = powers;
  for (let z = scores; z < end; z += 16, to += 16) {
    v128.store(to, v128.or(v128.load(z), f32x4.splat(-0.0)));
  }
  exponentials(powers, powers, count, 0);
  const one = f64x2.splat(1);
  let linear = f64x2.splat(0);
  let small = f64x2.splat(0);
  let product = one;
  let left = count;
  while (scores < end) {
    const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
    const z = v128.load(scores);
    const label = v128.load(labels);
    const e = v128.load(powers);
    bits = i32x4.max_u(bits, v128.and(f32x4.abs(z), inside));
    const positive = f32x4.ge(z, zero);
    const above = f64x2.add(one, f64x2.promote_low_f32x4(e));
    const aboveUpper = f64x2.add(one, upperTwo(e));
    const numerator = v128.bitselect(f32x4.splat(1), e, positive);
    const p = i64x2.shuffle(
      f32x4.demote_f64x2_zero(f64x2.div(f64x2.promote_low_f32x4(numerator), above)),
      f32x4.demote_f64x2_zero(f64x2.div(upperTwo(numerator), aboveUpper)),
      0,
      2,
    );
    v128.store(scores, v128.bitselect(p, z, inside));
    // a present label costs max(0, −z), an absent one max(0, z), beside the logarithm
    const present = i32x4.eq(label, i32x4.splat(1));
    const counted = v128.and(i32x4.ge_s(label, i32x4.splat(0)), inside);
    const wrong = v128.and(f32x4.pmax(zero, v128.bitselect(f32x4.neg(z), z, present)), counted);
    linear = f64x2.add(linear, f64x2.add(f64x2.promote_low_f32x4(wrong), upperTwo(wrong)));
    const counts = v128.and(e, counted);
    small = f64x2.add(small, f64x2.add(f64x2.promote_low_f32x4(counts), upperTwo(counts)));
    product = f64x2.mul(product, f64x2.add(one, f64x2.promote_low_f32x4(counts)));
    product = f64x2.mul(product, f64x2.add(one, upperTwo(counts)));
    scores += 16;
    labels += 16;
    powers += 16;
    left -= 4;
  }
  store<f64>(sums, f64x2.extract_lane(linear, 0) + f64x2.extract_lane(linear, 1));
  store<f64>(sums, f64x2.extract_lane(small, 0) + f64x2.extract_lane(small, 1), 8);
  store<f64>(sums, f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1), 16);
  return areFinite(bits);
}

function areFinite(bits: v128): bool {
  return !v128.any_true(i32x4.ge_u(bits, i32x4.splat(INFINITE)));
}

/**
 * Multiplies rows by numbers of their own, in place: of each row, the classes of each attribute by one number.
 *
 * @param numbers - the rows, without gaps
 * @param attributes - J
 * @param first - J + 1 int32, as for `softmax`
 * @param factors - of each row and attribute its number, float32
 */
export function multiply(numbers: usize, rows: i32, attributes: i32, first: usize, factors: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < attributes; j++) {
      const at = first + ((<usize>j) << 2);
      const count = load<i32>(at, 4) - load<i32>(at);
      const end = numbers + ((<usize>count) << 2);
      const whole = numbers + ((<usize>(count & ~3)) << 2);
      const factor = load<f32>(factors);
      const all = f32x4.splat(factor);
      for (; numbers < whole; numbers += 16) v128.store(numbers, f32x4.mul(v128.load(numbers), all));
      for (; numbers < end; numbers += 4) store<f32>(numbers, load<f32>(numbers) * factor);
      factors += 4;
    }
  }
}

/**
 * Turns rows of probabilities into derivatives of their cross entropy, in place: those of a row are a number of its
 * own times p − label, or 0 where there is no label.
 *
 * @param numbers - the rows, without gaps
 * @param labels - rows of int32: 1, 0, or −1 for unlabelled
 * @param factors - of each row its number, float32
 */
export function sigmoidSlopes(numbers: usize, rows: i32, width: i32, labels: usize, factors: usize): void {
  const none = i32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const end = numbers + ((<usize>width) << 2);
    const whole = numbers + ((<usize>(width & ~3)) << 2);
    const factor = load<f32>(factors);
    const all = f32x4.splat(factor);
    for (; numbers < whole; numbers += 16) {
      const label = v128.load(labels);
      const apart = f32x4.sub(v128.load(numbers), f32x4.convert_i32x4_s(label));
      v128.store(numbers, v128.and(f32x4.mul(apart, all), i32x4.ge_s(label, none)));
      labels += 16;
    }
    for (; numbers < end; numbers += 4) {
      const label = load<i32>(labels);
      store<f32>(numbers, label < 0 ? 0 : factor * (load<f32>(numbers) - <f32>label));
      labels += 4;
    }
    factors += 4;
  }
}
