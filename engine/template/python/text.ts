// Python's str() and repr(): how a value looks where a template prints it.

import { Bytes, DateTime, Float, isDict, OMIT, PySet, Template, Tuple, type Value } from '../../model/value.ts';
import { Undefined } from '../undefined.ts';
import { floatText } from './numbers.ts';
import { behaviour, Markup, typeName } from './types.ts';

/** How `omit` looks where it was printed after all. */
export const OMITTED = '__omit_place_holder__';

/** `str(value)`. Throws where something in it is undefined. */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Template) return value.text;
  if (value instanceof DateTime) return value.toString();
  if (value === OMIT) return OMITTED;
  if (value instanceof Undefined) return value.soft ? '' : value.trip();
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const own = behaviour(value as never).str;
    if (own !== undefined) return own.call(value);
  }
  return repr(value);
}

/** `repr(value)`. Throws where something in it is undefined. */
export function repr(value: Value): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value);
  }
  if (value === null) return 'None';
  if (Array.isArray(value)) return printing(value, '[...]', () => `[${value.map(repr).join(', ')}]`);
  if (isDict(value)) return printing(value, '{...}', () => `{${[...value].map(pair).join(', ')}}`);
  if (value instanceof Template) return value instanceof Markup ? `Markup(${quote(value.text)})` : quote(value.text);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof PySet) return value.items.length === 0 ? 'set()' : `{${value.items.map(repr).join(', ')}}`;
  if (value instanceof Bytes) return quoteBytes(value.data);
  if (value instanceof Undefined) return value.soft ? 'Undefined' : value.trip();
  if (value === OMIT) return quote(OMITTED);
  return behaviour(value).repr?.() ?? `<${typeName(value)} object>`;
}

function pair([key, item]: [Value, Value]): string {
  return `${repr(key)}: ${repr(item)}`;
}

const open = new Set<Value>();

/** Prints a container once, though it may contain itself. */
function printing(value: Value, again: string, print: () => string): string {
  if (open.has(value)) return again;
  open.add(value);
  try {
    return print();
  } finally {
    open.delete(value);
  }
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
const UNPRINTABLE = /[\\'\n\r\t]|[^\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}]/gu;

/** `repr()` of text. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replace(UNPRINTABLE, (sign) => (sign === "'" && mark === '"' ? sign : escaped(sign))) + mark;
}

/** `ascii(value)`: `repr()` with escapes for all that is not ASCII. */
export function ascii(value: Value): string {
  return repr(value).replace(/[^\x00-\x7f]/gu, byCode);
}

function escaped(sign: string): string {
  return sign === "'" ? "\\'" : (NAMED[sign] ?? byCode(sign));
}

/** The escape that names a character by its code. */
export function byCode(sign: string): string {
  const code = sign.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function quoteBytes(data: Uint8Array): string {
  const mark = data.includes(39) && !data.includes(34) ? '"' : "'";
  let text = '';
  for (const byte of data) {
    const sign = String.fromCharCode(byte);
    if (sign === mark || sign === '\\') text += `\\${sign}`;
    else if (byte >= 0x20 && byte < 0x7f) text += sign;
    else text += NAMED[sign] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b${mark}${text}${mark}`;
}
