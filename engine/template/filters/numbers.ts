// Filters that make or change numbers: int, float, round, log, human_readable ...

import { Float, float, type Value } from '../../model/value.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import type { Env } from '../library.ts';
import { power } from '../python/arithmetic.ts';
import { compare, iterate } from '../python/compare.ts';
import {
  fixed,
  int as intOfBig,
  isNumeric,
  parseFloating,
  parseInteger,
  roundHalfEven,
  toBigInt,
  toNumber,
  truncate,
} from '../python/numbers.ts';
import { logOf } from '../python/powers.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { type Bound, type FilterTable, filter, flag, integer, real, refuse, text } from './define.ts';
import { caseless, getterOf } from './getter.ts';

function toInt(input: Value, [fallback, base]: Bound): Value {
  const otherwise = fallback === undefined ? 0 : fallback;
  if (isText(input)) {
    const whole = parseInteger(str(input), integer(base, 10));
    if (whole !== undefined) return whole;
    const number = parseFloating(str(input));
    return number === undefined ? otherwise : truncated(number, otherwise);
  }
  if (typeof input === 'boolean') return Number(input);
  return isNumeric(input) ? truncated(input, otherwise) : otherwise;
}

function truncated(number: number | bigint | boolean | Float, otherwise: Value): Value {
  if (typeof number === 'bigint') return number;
  const plain = toNumber(number);
  return Number.isNaN(plain) ? otherwise : truncate(plain);
}

function toFloat(input: Value, [fallback]: Bound): Value {
  const otherwise = fallback === undefined ? new Float(0) : fallback;
  if (isText(input)) return parseFloating(str(input)) ?? otherwise;
  return isNumeric(input) ? float(toNumber(input)) : otherwise;
}

function abs(input: Value): Value {
  if (typeof input === 'bigint') return input < 0n ? intOfBig(-input) : input;
  if (!isNumeric(input)) throw new Fault('TypeError', `bad operand type for abs(): '${typeName(input)}'`);
  return input instanceof Float ? float(Math.abs(input.value)) : Math.abs(Number(input));
}

function round(input: Value, [precision, method]: Bound): Value {
  const digits = integer(precision, 0);
  const how = method === null ? 'None' : text(method, 'common');
  if (!['common', 'ceil', 'floor'].includes(how)) refuse('method must be common, ceil or floor');
  if (!isNumeric(input)) throw new Fault('TypeError', `type ${typeName(input)} doesn't define __round__ method`);
  const isWhole = !(input instanceof Float) && (typeof input !== 'number' || Number.isInteger(input));
  if (how === 'common') {
    if (!isWhole) return float(roundHalfEven(toNumber(input), digits));
    return digits >= 0
      ? typeof input === 'boolean'
        ? Number(input)
        : input
      : roundWhole(toBigInt(input as number), digits);
  }
  const scale = 10 ** digits;
  const scaled = toNumber(input) * scale;
  return float(((how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) + 0) / scale);
}

function roundWhole(value: bigint, digits: number): Value {
  const unit = 10n ** BigInt(-digits);
  const rest = ((value % unit) + unit) % unit;
  const low = value - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (low / unit) % 2n !== 0n);
  return intOfBig(up ? low + unit : low);
}

/** A number that has to be there. */
function number(value: Value): number {
  return value === null ? typeFault('must be real number, not NoneType') : real(value, 0);
}

function log(input: Value, [base]: Bound): Value {
  const x = real(input, 0);
  if (x <= 0) throw new Fault('ValueError', 'math domain error');
  const of = real(base, Math.E);
  if (of <= 0) throw new Fault('ValueError', 'math domain error');
  if (of === 1) throw new Fault('ZeroDivisionError', 'float division by zero');
  if (base === undefined) return float(logOf(x));
  return float(of === 10 ? Math.log10(x) : logOf(x) / logOf(of));
}

function root(input: Value, [base]: Bound): Value {
  const of = real(base, 2);
  if (of === 2) {
    const x = number(input);
    if (x < 0) throw new Fault('ValueError', 'math domain error');
    return float(Math.sqrt(x));
  }
  if (of === 0) throw new Fault('ZeroDivisionError', 'float division by zero');
  return power(input, float(1 / of));
}

function extreme(which: 'min' | 'max') {
  return (input: Value, [caseSensitive, attribute]: Bound, env: Env): Value => {
    const items = iterate(input);
    if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.');
    const get = getterOf(env, attribute);
    const keyOf = flag(caseSensitive) ? get : (item: Value) => caseless(get(item));
    let best: Value = items[0]!;
    let bestKey = keyOf(best);
    if (bestKey instanceof Undefined) return bestKey.trip();
    for (let at = 1; at < items.length; at++) {
      const key = keyOf(items[at]!);
      const order = compare(key, bestKey, which === 'min' ? '<' : '>');
      if (which === 'min' ? order < 0 : order > 0) [best, bestKey] = [items[at]!, key];
    }
    return best;
  };
}

/** `float(value)`. Throws as Python does for what is no number. */
function floating(value: Value): number {
  if (isNumeric(value)) return toNumber(value);
  if (!isText(value)) return typeFault(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  const number = parseFloating(str(value));
  return number === undefined ? valueFault(`could not convert string to float: ${repr(str(value))}`) : toNumber(number);
}

const DECIMAL = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function filesizeformat(input: Value, [binary]: Bound): Value {
  const bytes = floating(input);
  const step = flag(binary) ? 1024 : 1000;
  const units = flag(binary) ? BINARY : DECIMAL;
  if (bytes === 1) return '1 Byte';
  if (bytes < step) return `${truncate(bytes)} Bytes`;
  for (const [i, unit] of units.entries()) {
    const size = step ** (i + 2);
    if (bytes < size || i === units.length - 1) return `${fixed((step * bytes) / size, 1)} ${unit}`;
  }
  return '';
}

interface Unit {
  readonly letter: string;
  readonly word: string;
  readonly scale: number;
}

const UNITS: readonly Unit[] = [
  { letter: 'Y', word: 'yotta', scale: 2 ** 80 },
  { letter: 'Z', word: 'zetta', scale: 2 ** 70 },
  { letter: 'E', word: 'exa', scale: 2 ** 60 },
  { letter: 'P', word: 'peta', scale: 2 ** 50 },
  { letter: 'T', word: 'tera', scale: 2 ** 40 },
  { letter: 'G', word: 'giga', scale: 2 ** 30 },
  { letter: 'M', word: 'mega', scale: 2 ** 20 },
  { letter: 'K', word: 'kilo', scale: 2 ** 10 },
  { letter: 'B', word: '', scale: 1 },
];

function humanReadable(input: Value, [isBits, unit]: Bound): Value {
  if (!isNumeric(input)) refuse(`human_readable() failed on bad input: ${repr(input)}`);
  const size = toNumber(input);
  const base = flag(isBits) ? 'bits' : 'Bytes';
  const wanted = unit === undefined || unit === null ? undefined : str(unit).toUpperCase();
  for (const { letter, scale } of UNITS) {
    if (wanted === undefined ? !(size >= scale) : wanted !== letter) continue;
    return `${fixed(size / scale, 2)} ${scale === 1 ? base : letter + base[0]}`;
  }
  return `${fixed(size, 2)} ${base}`;
}

function humanToBytes(input: Value, [defaultUnit, isBits]: Bound): Value {
  const written = str(input);
  const match = /^\s*(\d*\.?\d+)\s*([A-Za-z]+)?/.exec(written);
  if (match === null) refuse(`human_to_bytes() can't interpret following string: ${written}`);
  const unit = match[2] ?? text(defaultUnit);
  if (match[0].length < written.trimEnd().length)
    refuse(`human_to_bytes() can't interpret following string: ${written}`);
  const scale = unit === '' ? 1 : scaleOf(unit, flag(isBits), written);
  const bytes = roundHalfEven(Number(match[1]) * scale);
  return Number.isSafeInteger(bytes) ? bytes : BigInt(bytes);
}

function scaleOf(unit: string, isBits: boolean, written: string): number {
  const known = UNITS.find(({ letter }) => letter === unit[0]!.toUpperCase());
  if (known === undefined) {
    const all = UNITS.map(({ letter }) => letter).join(', ');
    refuse(`human_to_bytes() failed to convert ${written} (unit = ${unit}). The suffix must be one of ${all}`);
  }
  const mark = isBits ? 'b' : 'B';
  const short = known.letter === 'B' ? mark : known.letter + mark;
  const long = known.word + (isBits ? 'bit' : 'byte');
  if (unit.length > 1 && unit !== short && unit.toLowerCase() !== long) {
    const other = known.letter === 'B' ? long : known.letter;
    refuse(`human_to_bytes() failed to convert ${written}. Value is not a valid string (expect ${short} or ${other})`);
  }
  return known.scale;
}

export const numbers: FilterTable = [
  filter('int', ['default?', 'base?'], toInt),
  filter('float', ['default?'], toFloat),
  filter('abs', [], abs),
  filter('round', ['precision?', 'method?'], round),
  filter('log', ['base?'], log),
  filter('pow', ['y'], (input, [y]) => power(float(number(input)), float(number(y!)))),
  filter('root', ['base?'], root),
  filter('min', ['case_sensitive?', 'attribute?'], extreme('min'), { keepsTrust: true }),
  filter('max', ['case_sensitive?', 'attribute?'], extreme('max'), { keepsTrust: true }),
  filter('filesizeformat', ['binary?'], filesizeformat),
  filter('human_readable', ['isbits?', 'unit?'], humanReadable),
  filter('human_to_bytes', ['default_unit?', 'isbits?'], humanToBytes),
];
