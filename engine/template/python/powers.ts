// `x ** y` and logarithms of floats to the last digit: the language's own may be a unit off where C's are not. The power is
// computed once more with integers of far more bits than a float has, and rounded once.

import { dissect } from './numbers.ts';

/** Bits behind the point of the numbers computed with. */
const BITS = 192n;
const ONE = 1n << BITS;
const LN2 = naturalLog(2n * ONE);

/** The power; `x` and `y` as the operator takes them. */
export function powerOf(x: number, y: number): number {
  const rough = x ** y;
  const size = Math.abs(rough);
  // What is exact, special, or has no full precision stays as it is.
  if (!(size > 1e-300 && size < Infinity) || size === 1 || !Number.isFinite(y)) return rough;
  return Math.sign(rough) * refined(Math.abs(x), y);
}

/** `math.log(x)` of a positive number. */
export function logOf(x: number): number {
  return x === 1 || !Number.isFinite(x) ? Math.log(x) : Number(fixedLog(x)) / 2 ** Number(BITS);
}

/** ln(x) of a positive number, before it is rounded. */
function fixedLog(x: number): bigint {
  const [mantissa, exponent] = dissect(x);
  // x = m * 2 ** e with m from 1 to 2, near 1 from either side.
  const length = BigInt(mantissa.toString(2).length - 1);
  let [m, e] = [(mantissa << BITS) >> length, BigInt(exponent) + length];
  if (m > (ONE * 3n) / 2n) [m, e] = [m >> 1n, e + 1n];
  return naturalLog(m) + e * LN2;
}

function refined(x: number, y: number): number {
  const [times, power] = dissect(Math.abs(y));
  const sign = y < 0 ? -1n : 1n;
  const product = sign * times * fixedLog(x);
  const t = power < 0 ? product >> BigInt(-power) : product << BigInt(power);
  const whole = (t + LN2 / 2n) / LN2 - (t + LN2 / 2n < 0n ? 1n : 0n);
  return rounded(exponential(t - whole * LN2), Number(whole));
}

/** ln(x), of a number from 0.75 to 2: 2 artanh((x - 1) / (x + 1)). */
function naturalLog(x: bigint): bigint {
  const z = ((x - ONE) << BITS) / (x + ONE);
  const square = (z * z) >> BITS;
  let [sum, term] = [0n, z];
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    sum += term / n;
    term = (term * square) >> BITS;
  }
  return 2n * sum;
}

/** e ** x, of a small number. */
function exponential(x: bigint): bigint {
  let [sum, term] = [ONE, ONE];
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = ((term * x) >> BITS) / n;
    sum += term;
  }
  return sum;
}

/** value * 2 ** power as a float, half to even; what is within the error of a half is one. */
function rounded(value: bigint, power: number): number {
  const spare = BigInt(value.toString(2).length - 53);
  const half = 1n << (spare - 1n);
  const rest = value & ((1n << spare) - 1n);
  const gap = rest > half ? rest - half : half - rest;
  const near = gap < 1n << (spare - 90n);
  let kept = value >> spare;
  if (near ? (kept & 1n) === 1n : rest > half) kept += 1n;
  return Number(kept) * 2 ** (power + Number(spare - BITS));
}
