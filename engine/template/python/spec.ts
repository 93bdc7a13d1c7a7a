// The little language after the colon of `{:>8.2f}`: Python's format(value, spec), and what `%` formatting shares with it.

import type { Float, Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { fixed, floatText, isFloat, isInt, toBigInt, toNumber } from './numbers.ts';
import { str } from './text.ts';
import { isText, textLength, typeName } from './types.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

/** `format(value, spec)`. Throws a ValueError fault for what the type does not take. */
export function formatValue(value: Value, text: string): string {
  if (text === '') return str(value);
  const match = SPEC.exec(text);
  if (match === null)
    throw new Fault('ValueError', `Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
  const spec: Spec = {
    fill: match[1] ?? (match[6] !== undefined && match[2] === undefined ? '0' : ' '),
    align: match[2] ?? (match[6] === undefined ? undefined : '='),
    sign: match[3] ?? '-',
    alternate: match[5] !== undefined,
    width: Number(match[7] ?? 0),
    grouping: match[8] ?? '',
    precision: match[9] === undefined ? undefined : Number(match[9]),
    type: match[10] ?? '',
  };
  allowText(spec.width, 'format');
  if (isText(value)) return formatText(String(value), spec);
  if (typeof value === 'boolean' && spec.type === '') return formatText(str(value), spec);
  if (isInt(value) || typeof value === 'boolean') {
    if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(toNumber(value), spec);
    return formatInt(toBigInt(value as number), spec);
  }
  if (isFloat(value)) return formatFloat(toNumber(value), spec, true);
  throw new Fault('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's')
    throw new Fault('ValueError', `Unknown format code '${spec.type}' for object of type 'str'`);
  const cut = spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join('');
  if (spec.align === '=' && spec.fill !== '0')
    throw new Fault('ValueError', "'=' alignment not allowed in string format specifier");
  return pad(cut, '', { ...spec, align: spec.align === '=' ? '<' : (spec.align ?? '<') });
}

function formatInt(value: bigint, spec: Spec): string {
  if (spec.precision !== undefined) throw new Fault('ValueError', 'Precision not allowed in integer format specifier');
  const size = value < 0n ? -value : value;
  const sign = signOf(value < 0n, spec);
  switch (spec.type) {
    case '':
    case 'd':
    case 'n':
      return pad(group(size.toString(), spec.grouping, 3), sign, spec);
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      const base = { b: 2, o: 8, x: 16, X: 16 }[spec.type];
      const digits = group(size.toString(base), spec.grouping, 4);
      const prefix = spec.alternate ? `0${spec.type}` : '';
      return pad(spec.type === 'X' ? digits.toUpperCase() : digits, sign + prefix, spec);
    }
    case 'c':
      return pad(String.fromCodePoint(Number(size)), '', { ...spec, align: spec.align ?? '<' });
    default:
      throw new Fault('ValueError', `Unknown format code '${spec.type}' for object of type 'int'`);
  }
}

function formatFloat(value: number, spec: Spec, own = false): string {
  const negative = value < 0 || Object.is(value, -0);
  const sign = signOf(negative, spec);
  const size = Math.abs(value);
  if (spec.type === '' && spec.precision === undefined)
    return pad(groupFloat(floatText(size), spec.grouping), sign, spec);
  if (!'eEfFgGn%'.includes(spec.type))
    throw new Fault('ValueError', `Unknown format code '${spec.type}' for object of type '${own ? 'float' : 'int'}'`);
  const text = floatDigits(size, spec.type === '' ? 'g' : spec.type, spec.precision, spec.alternate, spec.type === '');
  return pad(groupFloat(text, spec.grouping), sign, spec);
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
    const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
    if (exponent < -4 || exponent >= digits) {
      text = scientific(size, digits - 1);
      if (!alternate) text = text.replace(/\.?0*e/, 'e');
    } else {
      text = fixed(size, digits - 1 - exponent);
      if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '');
      if (point && !text.includes('.')) text += '.0';
    }
  }
  return type === lower ? text : text.toUpperCase();
}

function scientific(size: number, precision: number): string {
  const [mantissa, exponent] = size.toExponential(Math.min(precision, 100)).split('e') as [string, string];
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`;
}

function signOf(negative: boolean, spec: Spec): string {
  return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}

function group(digits: string, mark: string, size: number): string {
  if (mark === '') return digits;
  return digits.replace(new RegExp(`\\B(?=(.{${size}})+$)`, 'g'), mark);
}

function groupFloat(text: string, mark: string): string {
  const match = /^\d+/.exec(text);
  return match === null ? text : group(match[0], mark, 3) + text.slice(match[0].length);
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
