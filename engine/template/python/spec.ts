// The little language after the colon of `{:>8.2f}`: Python's format(value, spec), and what `%` formatting shares with it.

import type { Float, Value } from '../../model/value.ts';
import { Fault, valueFault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { fixed, floatText, isFloat, isInt, scientific, toBigInt, toFloat } from './numbers.ts';
import { str } from './text.ts';
import { behaviour, isObject, isText, textLength, typeName } from './types.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?(,)?(_)?(?:\.(\d+))?(.)?$/su;

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  /** Is a zero without sign, though it came of rounding a negative number? */
  readonly coerced: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

/** `format(value, spec)`. Throws a ValueError fault for what the type does not take. */
export function formatValue(value: Value, text: string): string {
  if (text === '') return str(value);
  if (isText(value)) return formatText(String(value), read(text, value));
  if (isInt(value) || typeof value === 'boolean') {
    const spec = read(text, value);
    if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(toFloat(value), spec);
    return formatInt(toBigInt(value), spec);
  }
  if (isFloat(value)) return formatFloat(toFloat(value), read(text, value));
  const own = value !== null && isObject(value) ? behaviour(value).format?.(text) : undefined;
  if (own !== undefined) return own;
  throw new Fault('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
}

function read(text: string, value: Value): Spec {
  const type = typeName(value);
  const match = SPEC.exec(text);
  if (match === null) return valueFault(`Invalid format specifier '${text}' for object of type '${type}'`);
  const [, fill, align, sign, coerced, alternate, zero, width, comma, underscore, precision, letter = ''] = match;
  if (comma !== undefined && underscore !== undefined) return valueFault("Cannot specify both ',' and '_'.");
  const grouping = comma ?? underscore ?? '';
  const grouped = grouping === '_' ? 'bdeEfFgGoxX%' : 'deEfFgG%';
  if (grouping !== '' && letter !== '' && !grouped.includes(letter))
    return valueFault(`Cannot specify '${grouping}' with '${letter}'.`);
  if (letter !== '' && !(isText(value) ? 's' : isFloat(value) ? 'eEfFgGn%' : 'bcdeEfFgGnoxX%').includes(letter))
    return valueFault(`Unknown format code '${letter}' for object of type '${type}'`);
  allowText(Number(width ?? 0), 'format');
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined || isText(value) ? undefined : '='),
    sign: sign ?? '',
    coerced: coerced !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type: letter,
  };
}

function formatText(text: string, spec: Spec): string {
  if (spec.sign !== '') return valueFault('Sign not allowed in string format specifier');
  if (spec.coerced) return valueFault('Negative zero coercion (z) not allowed in string format specifier');
  if (spec.alternate) return valueFault('Alternate form (#) not allowed in string format specifier');
  if (spec.align === '=') return valueFault("'=' alignment not allowed in string format specifier");
  if (spec.grouping !== '') return valueFault(`Cannot specify '${spec.grouping}' with 's'.`);
  const cut = spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join('');
  return pad(cut, '', { ...spec, align: spec.align ?? '<' });
}

function formatInt(value: bigint, spec: Spec): string {
  if (spec.precision !== undefined) return valueFault('Precision not allowed in integer format specifier');
  if (spec.coerced) return valueFault('Negative zero coercion (z) not allowed in integer format specifier');
  const size = value < 0n ? -value : value;
  const sign = signOf(value < 0n, spec);
  switch (spec.type) {
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      const digits = size.toString({ b: 2, o: 8, x: 16, X: 16 }[spec.type]);
      const prefix = spec.alternate ? `0${spec.type}` : '';
      return numeral(spec.type === 'X' ? digits.toUpperCase() : digits, '', sign + prefix, spec, 4);
    }
    case 'c': {
      if (spec.sign !== '') return valueFault("Sign not allowed with integer format specifier 'c'");
      if (spec.alternate) return valueFault("Alternate form (#) not allowed with integer format specifier 'c'");
      if (value < 0n || value > 0x10ffffn) throw new Fault('OverflowError', '%c arg not in range(0x110000)');
      return pad(String.fromCodePoint(Number(size)), '', { ...spec, align: spec.align ?? '<' });
    }
    default:
      return numeral(size.toString(), '', sign, spec, 3);
  }
}

function formatFloat(value: number, spec: Spec): string {
  const size = Math.abs(value);
  const type = spec.type === '' || spec.type === 'n' ? 'g' : spec.type;
  const bare = spec.type === '' && spec.precision === undefined;
  const text = bare
    ? pointed(floatText(size), spec.alternate)
    : floatDigits(size, type, spec.precision, spec.alternate, spec.type === '');
  const negative =
    (value < 0 || Object.is(value, -0)) && !(spec.coerced && !/[1-9a-z]/i.test(text.replace(/e.*/i, '')));
  const [whole = ''] = /^\d*/.exec(text) ?? [];
  return numeral(whole, text.slice(whole.length), signOf(negative, spec), spec, 3);
}

/** The notation with a point though nothing follows it, where the alternate form is wanted. */
function pointed(text: string, alternate: boolean): string {
  return alternate && !text.includes('.') ? text.replace(/^\d+/, '$&.') : text;
}

/** The digits of a non-negative float in one of the notations e, f, g, % (capitals for capitals). */
export function floatDigits(size: number, type: string, precision = 6, alternate = false, point = false): string {
  const lower = type.toLowerCase();
  let text: string;
  if (!Number.isFinite(size)) text = floatText(size) + (lower === '%' ? '%' : '');
  else if (lower === 'f') text = fixed(size, precision);
  else if (lower === '%') text = `${fixed(size * 100, precision)}%`;
  else if (lower === 'e') text = scientific(size, precision);
  else {
    const digits = Math.max(1, precision);
    const exponent = Number(scientific(size, digits - 1).split('e')[1]);
    // Without a type there is always a digit behind the point, and the exponent comes one digit earlier.
    if (exponent < -4 || exponent >= digits - (point ? 1 : 0)) {
      text = scientific(size, digits - 1);
      if (!alternate) text = text.replace(/(\.\d*?)0*e/, '$1e').replace('.e', 'e');
    } else {
      text = fixed(size, digits - 1 - exponent);
      if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '');
      if (point && !text.includes('.')) text += '.0';
    }
  }
  const shown = pointed(text, alternate);
  return type === lower ? shown : shown.toUpperCase();
}

function signOf(negative: boolean, spec: Spec): string {
  return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}

/** A number of its parts: digits in groups of `size`, among which are the zeros that fill it. */
function numeral(whole: string, rest: string, sign: string, spec: Spec, size: number): string {
  if (spec.grouping === '' || whole === '') return pad(whole + rest, sign, spec);
  const group = (digits: string): string => digits.replace(new RegExp(`\\B(?=(.{${size}})+$)`, 'g'), spec.grouping);
  let digits = whole;
  if (spec.fill === '0' && spec.align === '=')
    while (sign.length + group(digits).length + rest.length < spec.width) digits = `0${digits}`;
  return pad(group(digits) + rest, sign, spec);
}

function pad(text: string, sign: string, spec: Pick<Spec, 'fill' | 'align' | 'width'>): string {
  const room = spec.width - textLength(text) - sign.length;
  if (room <= 0) return sign + text;
  switch (spec.align ?? '>') {
    case '<':
      return sign + text + spec.fill.repeat(room);
    case '^':
      return spec.fill.repeat(room >> 1) + sign + text + spec.fill.repeat(room - (room >> 1));
    case '=':
      return sign + spec.fill.repeat(room) + text;
    default:
      return spec.fill.repeat(room) + sign + text;
  }
}

/** True for a number that `%d` and `%f` take. */
export function isPlainNumber(value: Value): value is number | bigint | boolean | Float {
  return isInt(value) || isFloat(value) || typeof value === 'boolean';
}
