// Python's int and float over JavaScript's number, bigint and `Float`: an int is a safe integral number or a bigint, a
// float any other number or a `Float`. bools count as ints, as in Python.

import { Float, float, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';

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

/** `'%.<digits>f' % x`: exact decimal expansion, rounded half to even. */
export function fixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return floatText(x);
  const negative = x < 0 || Object.is(x, -0);
  const [numerator, power] = dissect(Math.abs(x));
  const scaled = numerator * 10n ** BigInt(digits);
  let rounded: bigint;
  if (power >= 0) rounded = scaled << BigInt(power);
  else {
    const shift = BigInt(-power);
    rounded = scaled >> shift;
    const rest = scaled - (rounded << shift);
    const half = 1n << (shift - 1n);
    if (rest > half || (rest === half && (rounded & 1n) === 1n)) rounded += 1n;
  }
  const text = rounded.toString().padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return negative ? `-${whole}` : whole;
}

/** A finite non-negative float as `numerator * 2 ** power`, exactly. */
function dissect(x: number): [bigint, number] {
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
