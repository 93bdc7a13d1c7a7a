// Keys of dicts as Python finds them: 1, 1.0 and True are one key, '1' is another, and trusted text equals plain text.

import { type Dict, Float, isDict, PySet, Template, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { Undefined } from '../undefined.ts';
import { typeName } from './types.ts';

/** `dict.get(key)`: undefined where there is none. Throws a TypeError fault where the key cannot be hashed. */
export function dictGet(dict: ReadonlyMap<Value, Value>, key: Value): Value | undefined {
  if (typeof key === 'string') return dict.get(key);
  const found = findKey(dict, key);
  return found === undefined ? undefined : dict.get(found);
}

/** `key in dict`. */
export function dictHas(dict: ReadonlyMap<Value, Value>, key: Value): boolean {
  return typeof key === 'string' ? dict.has(key) : findKey(dict, key) !== undefined;
}

/** `dict[key] = item`: a key that is there already keeps its first form. */
export function dictSet(dict: Dict, key: Value, item: Value): void {
  if (typeof key === 'string') dict.set(key, item);
  else dict.set(findKey(dict, key) ?? (key instanceof Template ? key.text : key), item);
}

/** `del dict[key]`; false where there is none. */
export function dictDelete(dict: Dict, key: Value): boolean {
  const found = findKey(dict, key);
  return found !== undefined && dict.delete(found);
}

/** The key of the dict that equals `key`. */
function findKey(dict: ReadonlyMap<Value, Value>, key: Value): Value | undefined {
  if (dict.has(key)) return key;
  if (key instanceof Undefined) return key.soft ? undefined : key.trip();
  if (key instanceof Template) return dict.has(key.text) ? key.text : undefined;
  if (Array.isArray(key) || isDict(key) || key instanceof PySet)
    throw new Fault('TypeError', `unhashable type: '${typeName(key)}'`);
  if (typeof key === 'string' || key === null) return undefined;
  if (key instanceof Tuple) {
    for (const other of dict.keys()) if (other instanceof Tuple && sameTuples(other, key)) return other;
    return undefined;
  }
  const number = numberOf(key);
  if (number === undefined) return undefined;
  for (const other of dict.keys()) if (numberOf(other) === number) return other;
  return undefined;
}

function sameTuples(a: Tuple, b: Tuple): boolean {
  return (
    a.items.length === b.items.length &&
    a.items.every((item, index) => {
      const other = b.items[index]!;
      if (item instanceof Tuple && other instanceof Tuple) return sameTuples(item, other);
      const number = numberOf(item);
      return item === other || (number !== undefined && number === numberOf(other));
    })
  );
}

function numberOf(key: Value): number | undefined {
  if (typeof key === 'number') return key;
  if (typeof key === 'boolean') return Number(key);
  return key instanceof Float ? key.value : undefined;
}
