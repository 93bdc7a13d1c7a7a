// `a.b` and `a[b]` as Jinja2 reads them: attributes first or items first, and Undefined with a message where there is
// neither. Nothing of JavaScript is reachable: what is not in our tables does not exist.

import { Bytes, isDict, PySet, Tuple, type Value } from '../../model/value.ts';
import { methodOf } from '../methods/tables.ts';
import { dictGet } from '../python/dicts.ts';
import { str } from '../python/text.ts';
import { behaviour, characters, hasSurrogates, isObject, isText, Markup, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { Native } from './callable.ts';
import type { Run } from './run.ts';

/** `target.name`: an attribute or method, else an item. */
export function attribute(target: Value, name: string, run: Run): Value {
  if (isDict(target)) {
    const own = ownAttribute(target, name);
    const value = own === undefined ? target.get(name) : own;
    return value === undefined ? missing(target, name, run) : value;
  }
  if (target instanceof Undefined) return within(target, run);
  const own = ownAttribute(target, name);
  const value = own === undefined ? itemOf(target, name) : own;
  return value === undefined ? missing(target, name, run) : value;
}

/** `target[key]`: an item, else an attribute. */
export function item(target: Value, key: Value, run: Run): Value {
  if (target instanceof Undefined) return within(target, run);
  if (key instanceof Undefined)
    return run.types.passesUndefined || isDict(target) ? key.trip() : missing(target, key.missing ?? '', run);
  const value = itemOf(target, key);
  if (value !== undefined) return value;
  const own = isText(key) ? ownAttribute(target, String(key)) : undefined;
  return own === undefined ? missing(target, key, run) : own;
}

/** What is in something undefined. */
function within(target: Undefined, run: Run): Undefined {
  return target.soft && !run.types.passesUndefined ? target.trip() : target;
}

/** The attributes and methods that a value has in Python; undefined where it has none of the name. */
export function ownAttribute(target: Value, name: string): Value | undefined {
  const method = methodOf(target, name);
  if (method !== undefined)
    return method.property
      ? method.call(target, NOTHING, undefined as never)
      : new Native(name, (args, run) => method.call(target, args, run), 'builtin_function_or_method');
  const isNamed = target instanceof Tuple || (target !== null && isObject(target));
  return isNamed ? behaviour(target).attribute?.(name) : undefined;
}

const NOTHING = { positional: [], named: new Map<string, Value>() };

/** The item that a container has under the key; undefined where it has none. */
export function itemOf(target: Value, key: Value): Value | undefined {
  if (isDict(target)) return isHashable(key) ? dictGet(target, key) : undefined;
  if (Array.isArray(target)) return at(target, key);
  if (target instanceof Tuple) return at(target.items, key);
  if (target instanceof Bytes) return at(Array.from(target.data), key);
  if (isText(target)) {
    const text = String(target);
    const char = at(hasSurrogates(text) ? characters(text) : text, key);
    return target instanceof Markup && typeof char === 'string' ? new Markup(char) : char;
  }
  return target !== null && isObject(target) ? behaviour(target).item?.(key) : undefined;
}

function isHashable(key: Value): boolean {
  return !(Array.isArray(key) || isDict(key) || key instanceof PySet);
}

function at(items: readonly Value[] | string, key: Value): Value | undefined {
  const index = typeof key === 'boolean' ? Number(key) : key;
  if (typeof index !== 'number' || !Number.isInteger(index)) return undefined;
  return items[index < 0 ? index + items.length : index];
}

function missing(target: Value, key: Value, run: Run): Undefined {
  const name = isText(key) ? String(key) : undefined;
  if (name !== undefined && /^__\w+__$/.test(name))
    return run.undefined(`access to attribute '${name}' of '${typeName(target)}' object is unsafe.`, name);
  return run.undefined(
    run.types.missing(target, key),
    name ?? str(key),
    isDict(target) ? () => textKeys(target) : undefined,
  );
}

function* textKeys(dict: ReadonlyMap<Value, Value>): Iterable<string> {
  for (const key of dict.keys()) if (typeof key === 'string') yield key;
}
