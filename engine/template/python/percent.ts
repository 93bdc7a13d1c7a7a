// `'%s-%03d' % (name, 7)`: Python's old formatting.

import { isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { Undefined } from '../undefined.ts';
import { dictGet } from './dicts.ts';
import { isFloat, isInt, toBigInt, toFloat, toNumber, truncate } from './numbers.ts';
import { floatDigits, isPlainNumber } from './spec.ts';
import { ascii, quote, repr, str } from './text.ts';
import { behaviour, isObject, isText, textLength, typeName } from './types.ts';

const BASES: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8 };
/** A key may hold parentheses in pairs, two deep. */
const KEY = '\\((?<key>(?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*)\\)';
const DIRECTIVE = new RegExp(`%(?:${KEY})?([-+ #0]*)(\\*|\\d+)?(?:\\.(\\*|\\d*))?[hlL]?(.|$)`, 'gsu');

/** Formats `values` (a tuple, a dict or a single value) into `template`. Throws as Python does. */
export function formatPercent(template: string, values: Value): string {
  let list: readonly Value[] = values instanceof Tuple ? values.items : [values];
  let next = 0;
  const take = (): Value => {
    const value = list[next];
    next += 1;
    return value === undefined ? typeFault('not enough arguments for format string') : value;
  };
  const size = (): number => {
    const value = take();
    return isInt(value) || typeof value === 'boolean' ? Number(value) : typeFault('* wants int');
  };
  const text = template.replace(
    DIRECTIVE,
    (
      all,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      digits: string | undefined,
      type: string,
    ) => {
      if (all === '%%') return '%';
      if (type === '') return valueFault('incomplete format');
      let room = width === '*' ? size() : Number(width ?? 0);
      const precision = digits === undefined ? undefined : digits === '*' ? Math.max(size(), 0) : Number(digits || 0);
      let value: Value;
      if (key === undefined) value = take();
      else {
        if (!isDict(values)) return typeFault('format requires a mapping');
        const found = dictGet(values, key);
        if (found === undefined) throw new Fault('KeyError', quote(key));
        value = found;
        // From here on the dict stands for its items alone.
        list = [];
      }
      const left = flags.includes('-') || room < 0;
      room = Math.abs(room);
      allowText(room, '%');
      return align(directive(type, value, flags, precision), room, left, flags.includes('0') && !'srac'.includes(type));
    },
  );
  if (next < list.length && (values instanceof Tuple || !hasItems(values)))
    return typeFault('not all arguments converted during string formatting');
  return text;
}

interface Piece {
  readonly sign: string;
  readonly text: string;
}

function directive(type: string, value: Value, flags: string, precision: number | undefined): Piece {
  const sign = (negative: boolean): string =>
    negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const text = type === 's' ? str(value) : type === 'r' ? repr(value) : ascii(value);
      return { sign: '', text: precision === undefined ? text : Array.from(text).slice(0, precision).join('') };
    }
    case 'c':
      if (isText(value) && textLength(String(value)) === 1) return { sign: '', text: String(value) };
      if (isPlainNumber(value) && !isFloat(value)) {
        const code = Number(value);
        if (code < 0 || code > 0x10ffff) throw new Fault('OverflowError', '%c arg not in range(0x110000)');
        return { sign: '', text: String.fromCodePoint(code) };
      }
      return typeFault('%c requires int or char');
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      if (!isPlainNumber(value))
        return typeFault(
          `%${type} format: a ${'diu'.includes(type) ? 'real number' : 'integer'} is required, not ${typeName(value)}`,
        );
      if (isFloat(value) && !'diu'.includes(type))
        return typeFault(`%${type} format: an integer is required, not float`);
      const whole = toBigInt(isFloat(value) ? truncate(toNumber(value)) : value);
      const size = whole < 0n ? -whole : whole;
      const base = BASES[type] ?? 10;
      let digits = size.toString(base).padStart(precision ?? 0, '0');
      if (type === 'X') digits = digits.toUpperCase();
      return { sign: sign(whole < 0n) + (flags.includes('#') && base !== 10 ? `0${type}` : ''), text: digits };
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      if (!isPlainNumber(value)) return typeFault(`must be real number, not ${typeName(value)}`);
      const number = toFloat(value);
      const negative = number < 0 || Object.is(number, -0);
      return { sign: sign(negative), text: floatDigits(Math.abs(number), type, precision, flags.includes('#')) };
    }
    default:
      return valueFault(`unsupported format character '${type}' (0x${type.codePointAt(0)!.toString(16)})`);
  }
}

function align(piece: Piece, width: number, left: boolean, zeros: boolean): string {
  const room = width - textLength(piece.text) - piece.sign.length;
  if (room <= 0) return piece.sign + piece.text;
  if (left) return piece.sign + piece.text + ' '.repeat(room);
  return zeros ? piece.sign + '0'.repeat(room) + piece.text : ' '.repeat(room) + piece.sign + piece.text;
}

/** Has the value items? Such a one need not be used up: it may have been meant for `%(name)s`. */
function hasItems(value: Value): boolean {
  if (isDict(value) || Array.isArray(value) || value instanceof Undefined) return true;
  return value !== null && isObject(value) && behaviour(value).item !== undefined;
}
