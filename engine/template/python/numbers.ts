// Python's int and float over JavaScript's number, bigint and `Float`: an int is a safe integral number or a bigint, a
// float any other number or a `Float`. bools count as ints, as in Python.

import { Float, float, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { allowText } from '../limits.ts';

/** True for an int that is no bool. */
export function isInt(value: Value | undefined): value is number | bigint {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}

/** True for a float. */
export function isFloat(value: Value | undefined): value is number | Float {
  return typeof value === 'number' ? !Number.isInteger(value) : value instanceof Float;
}

/** True for int, float and bool. */
export function isNumeric(value: Value | undefined): value is number | bigint | boolean | Float {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Float;
}

/** A number as a JavaScript number, whatever it loses. */
export function toNumber(value: number | bigint | boolean | Float): number {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  return Number(value);
}

/** A number as a float, as Python's arithmetic takes an int for one. Throws where it is too large. */
export function toFloat(value: number | bigint | boolean | Float): number {
  const number = toNumber(value);
  if (typeof value === 'bigint' && !Number.isFinite(number))
    throw new Fault('OverflowError', 'int too large to convert to float');
  return number;
}

/** A bigint in the form that ints have. */
export function int(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** An int or bool as a bigint. */
export function toBigInt(value: number | bigint | boolean): bigint {
  return typeof value === 'bigint' ? value : BigInt(value);
}

/** An integral JavaScript number of any size as an int. */
export function intOf(value: number): number | bigint {
  return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
}

/** `repr()` of a float: the shortest digits that read back, in Python's notation. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (x === Infinity) return 'inf';
  if (x === -Infinity) return '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = x.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (Number.isInteger(x)) return `${BigInt(x)}.0`;
  const plain = String(x);
  return plain.includes('e') ? x.toFixed(Math.max(0, mantissa.replace('-', '').length - 2 - exponent)) : plain;
}

/** Rounds half to even, as Python's `round(x, digits)` does for floats (exactly, on the binary value). */
export function roundHalfEven(x: number, digits = 0): number {
  if (!Number.isFinite(x) || digits > 22) return x;
  if (digits < 0) {
    const scale = 10 ** -digits;
    return roundHalfEven(x / scale) * scale;
  }
  if (digits === 0) {
    const floor = Math.floor(x);
    const rest = x - floor;
    if (rest !== 0.5) return Math.round(x);
    return floor % 2 === 0 ? floor : floor + 1;
  }
  return Number(fixed(x, digits));
}

/** Digits behind the point that a float can have; all further ones are zeros. */
const MOST_DIGITS = 1074;

/** `'%.<digits>f' % x`: exact decimal expansion, rounded half to even. */
export function fixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return floatText(x);
  if (digits > MOST_DIGITS) {
    allowText(digits, 'the number');
    return fixed(x, MOST_DIGITS) + '0'.repeat(digits - MOST_DIGITS);
  }
  const negative = x < 0 || Object.is(x, -0);
  const text = scaled(Math.abs(x), digits)
    .toString()
    .padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return negative ? `-${whole}` : whole;
}

/** `'%.<digits>e' % x` of a finite non-negative float, rounded likewise. */
export function scientific(x: number, digits: number): string {
  let exponent = x === 0 ? 0 : Number(x.toExponential().split('e')[1]);
  let text = scaled(x, digits - exponent)
    .toString()
    .padStart(digits + 1, '0');
  if (text.length > digits + 1) {
    // Rounding carried into one more digit.
    exponent += 1;
    text = text.slice(0, -1);
  }
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${text[0]}${digits === 0 ? '' : '.'}${text.slice(1)}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** A finite non-negative float times a power of ten, as the nearest int, half to even. */
function scaled(x: number, digits: number): bigint {
  const [numerator, power] = dissect(x);
  let [above, below] = [numerator, 1n];
  if (digits >= 0) above *= 10n ** BigInt(digits);
  else below *= 10n ** BigInt(-digits);
  if (power >= 0) above <<= BigInt(power);
  else below <<= BigInt(-power);
  const whole = above / below;
  const rest = 2n * (above - whole * below);
  return rest > below || (rest === below && (whole & 1n) === 1n) ? whole + 1n : whole;
}

/** The quotient of two ints, as the nearest float. */
export function quotient(a: bigint, b: bigint): number {
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  // Enough bits for one rounding, the last of which says whether something is left.
  const shift = Math.max(0, 66 + bits(y) - bits(x));
  const shifted = x << BigInt(shift);
  const whole = shifted / y;
  const size =
    Number(whole * y === shifted ? whole : whole | 1n) / 2 ** Math.min(shift, 1000) / 2 ** Math.max(0, shift - 1000);
  if (!Number.isFinite(size)) throw new Fault('OverflowError', 'integer division result too large for a float');
  return a < 0n !== b < 0n ? -size : size;
}

function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

/** A finite non-negative float as `numerator * 2 ** power`, exactly. */
export function dissect(x: number): [bigint, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0 ? [fraction, -1074] : [fraction | (1n << 52n), exponent - 1075];
}

/** A finite float as the int that `int(x)` gives. Throws as Python for nan and infinity. */
export function truncate(x: number): number | bigint {
  if (Number.isNaN(x)) throw new Fault('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(x)) throw new Fault('OverflowError', 'cannot convert float infinity to integer');
  return intOf(Math.trunc(x));
}

/** `int(text, base)` without the error: undefined where the text is no such number. */
export function parseInteger(text: string, base = 10): number | bigint | undefined {
  let digits = text.trim().toLowerCase();
  let sign = 1n;
  if (digits.startsWith('-') || digits.startsWith('+')) {
    if (digits.startsWith('-')) sign = -1n;
    digits = digits.slice(1);
  }
  const prefix = { '0x': 16, '0o': 8, '0b': 2 }[digits.slice(0, 2)];
  if (prefix !== undefined && (base === 0 || base === prefix)) {
    digits = digits.slice(2).replace(/^_/, '');
    base = prefix;
  } else if (base === 0) {
    if (/^0_?\d/.test(digits) && !/^[0_]+$/.test(digits)) return undefined;
    base = 10;
  }
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/.test(digits)) return undefined;
  digits = digits.replaceAll('_', '');
  for (const digit of digits) if (Number.parseInt(digit, 36) >= base) return undefined;
  if (base === 10) return int(sign * BigInt(digits));
  let value = 0n;
  for (const digit of digits) value = value * BigInt(base) + BigInt(Number.parseInt(digit, 36));
  return int(sign * value);
}

/** `float(text)` without the error: undefined where the text is no float. */
export function parseFloating(text: string): number | Float | undefined {
  const plain = text.trim().toLowerCase();
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(plain);
  if (special) return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(plain)) return undefined;
  return float(Number(plain.replaceAll('_', '')));
}
