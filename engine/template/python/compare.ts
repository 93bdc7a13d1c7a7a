// Python's ==, <, bool(), len(), in, iter() and hash() over values.

import { Bytes, Float, isDict, PySet, Template, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import { Undefined } from '../undefined.ts';
import { dictGet, dictHas } from './dicts.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { repr, str } from './text.ts';
import { behaviour, characters, isObject, isText, textLength, typeName } from './types.ts';

/** `a == b`. Throws where either is undefined. */
export function equals(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (a instanceof Undefined && !a.soft) return a.trip();
  if (b instanceof Undefined && !b.soft) return b.trip();
  if (a instanceof Undefined || b instanceof Undefined) return a instanceof Undefined && b instanceof Undefined;
  if (a === b) return !Number.isNaN(a as number);
  if (isNumeric(a)) return isNumeric(b) && equalNumbers(a, b);
  if (isText(a)) return isText(b) && String(a) === String(b);
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && equalLists(a.items, b.items);
  if (isDict(a)) return isDict(b) && equalDicts(a, b);
  if (a instanceof PySet)
    return b instanceof PySet && a.items.length === b.items.length && a.items.every((item) => contains(b, item));
  if (a instanceof Bytes) return b instanceof Bytes && Buffer.compare(a.data, b.data) === 0;
  if (a === null) return false;
  if (isObject(a)) {
    const own = behaviour(a);
    if (own.equals !== undefined) return own.equals(b);
    return own.compare !== undefined && own.compare(b) === 0;
  }
  return false;
}

function equalNumbers(a: number | bigint | boolean | Float, b: number | bigint | boolean | Float): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const [x, y] = [typeof a === 'bigint' ? a : toNumber(a), typeof b === 'bigint' ? b : toNumber(b)];
    // biome-ignore lint/suspicious/noDoubleEquals: == compares a bigint and a number by value
    return x == y;
  }
  return toNumber(a) === toNumber(b);
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index]!));
}

function equalDicts(a: ReadonlyMap<Value, Value>, b: ReadonlyMap<Value, Value>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) {
    const other = dictGet(b, key);
    if (other === undefined || !equals(item, other)) return false;
  }
  return true;
}

/**
 * Orders two values: negative, 0 or positive, NaN where neither holds. Throws a TypeError fault as Python does for
 * `operator`, and where either is undefined.
 */
export function compare(a: Value, b: Value, operator = '<'): number {
  if (typeof a === 'number' && typeof b === 'number')
    return a - b || (a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN);
  if (a instanceof Undefined) return a.trip();
  if (b instanceof Undefined) return b.trip();
  if (isNumeric(a) && isNumeric(b)) {
    const x = typeof a === 'bigint' ? a : toNumber(a);
    const y = typeof b === 'bigint' ? b : toNumber(b);
    return x < y ? -1 : x > y ? 1 : equalNumbers(a, b) ? 0 : Number.NaN;
  }
  if (isText(a) && isText(b)) return compareText(String(a), String(b));
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, operator);
  if (a instanceof Tuple && b instanceof Tuple) return compareLists(a.items, b.items, operator);
  if (a instanceof Bytes && b instanceof Bytes) return Buffer.compare(a.data, b.data);
  if (a instanceof PySet && b instanceof PySet) return compareSets(a, b);
  if (a !== null && isObject(a)) {
    const order = behaviour(a).compare?.(b);
    if (order !== undefined) return order;
  }
  return typeFault(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Orders text by code points, as Python does. */
export function compareText(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let index = 0; index < end; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** A unit of UTF-16 in the order of code points: halves of pairs come after all that stand alone. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareLists(a: readonly Value[], b: readonly Value[], operator: string): number {
  for (let index = 0; index < a.length && index < b.length; index += 1)
    if (!equals(a[index]!, b[index]!)) return compare(a[index]!, b[index]!, operator);
  return a.length - b.length;
}

function compareSets(a: PySet, b: PySet): number {
  const within = a.items.every((item) => contains(b, item));
  const around = b.items.every((item) => contains(a, item));
  return within && around ? 0 : within ? -1 : around ? 1 : Number.NaN;
}

/** `bool(value)`. Throws where it is undefined. */
export function truth(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
  }
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  if (value instanceof Template) return value.text !== '';
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tuple || value instanceof PySet) return value.items.length > 0;
  if (value instanceof Bytes) return value.data.length > 0;
  if (value instanceof Undefined) return value.soft ? false : value.trip();
  const own = behaviour(value);
  return own.truth?.() ?? (own.length !== undefined ? own.length() > 0 : true);
}

/** `len(value)`. Throws a TypeError fault for what has none. */
export function length(value: Value): number {
  if (typeof value === 'string') return textLength(value);
  if (value instanceof Template) return textLength(value.text);
  if (Array.isArray(value)) return value.length;
  if (isDict(value)) return value.size;
  if (value instanceof Tuple || value instanceof PySet) return value.items.length;
  if (value instanceof Bytes) return value.data.length;
  if (value instanceof Undefined) return value.soft ? 0 : value.trip();
  const count = value !== null && isObject(value) ? behaviour(value).length?.() : undefined;
  return count ?? typeFault(`object of type '${typeName(value)}' has no len()`);
}

/** True for what `iterate` takes. */
export function isIterable(value: Value): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null || value instanceof Float) return false;
  return !isObject(value) || behaviour(value).iterate !== undefined;
}

/** `list(value)`: the items, keys or characters. Throws a TypeError fault for what cannot be iterated. */
export function iterate(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return characters(value);
  if (isDict(value)) return [...value.keys()];
  if (value instanceof Tuple || value instanceof PySet) return value.items;
  if (value instanceof Template) return characters(value.text);
  if (value instanceof Bytes) return [...value.data];
  if (value instanceof Undefined) return value.soft ? [] : value.trip();
  const items = value !== null && isObject(value) ? behaviour(value).iterate?.() : undefined;
  if (items === undefined) return typeFault(`'${typeName(value)}' object is not iterable`);
  return Array.isArray(items) ? items : [...items];
}

/** The items of what is taken apart into `count` names. Throws as Python does where there are more or fewer. */
export function unpack(value: Value, count: number): readonly Value[] {
  if (value instanceof Undefined) return value.trip();
  if (!isIterable(value)) return typeFault(`cannot unpack non-iterable ${typeName(value)} object`);
  const values = iterate(value);
  if (values.length > count) return valueFault(`too many values to unpack (expected ${count})`);
  if (values.length < count) return valueFault(`not enough values to unpack (expected ${count}, got ${values.length})`);
  return values;
}

/** `item in container`. Throws as Python does. */
export function contains(container: Value, item: Value): boolean {
  if (container instanceof Undefined) return container.soft ? false : container.trip();
  if (isText(container)) {
    if (item instanceof Undefined) return item.trip();
    if (!isText(item)) return typeFault(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return String(container).includes(String(item));
  }
  if (isDict(container)) return dictHas(container, item);
  if (!isIterable(container)) return typeFault(`argument of type '${typeName(container)}' is not iterable`);
  const items = iterate(container);
  if (typeof item === 'string') {
    if (items.includes(item)) return true;
    return items.some((other) => typeof other === 'object' && other !== null && equals(other, item));
  }
  return items.some((other) => other === item || equals(other, item));
}

/**
 * What stands for a value in a JavaScript Set or Map, so that values equal in Python are the same key.
 * Throws a TypeError fault for what cannot be hashed.
 */
export function hashKey(value: Value): string | number | bigint | null | object {
  if (typeof value === 'string') return `s${value}`;
  if (value instanceof Template) return `s${value.text}`;
  if (isNumeric(value)) {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return toNumber(value);
  }
  if (value === null) return null;
  if (value instanceof Tuple) return `t${JSON.stringify(value.items.map((item) => String(hashKey(item))))}`;
  if (value instanceof Bytes) return `b${repr(value)}`;
  if (value instanceof Undefined) return value.trip();
  if (Array.isArray(value) || isDict(value) || value instanceof PySet)
    throw new Fault('TypeError', `unhashable type: '${typeName(value)}'`);
  return behaviour(value).compare === undefined ? value : `d${str(value)}`;
}

/** A set of the values, each once. */
export function makeSet(values: Iterable<Value>): PySet {
  const seen = new Map<unknown, Value>();
  for (const value of values) {
    const key = hashKey(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return new PySet([...seen.values()]);
}
