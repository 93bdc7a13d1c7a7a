// Inventories are trusted: the text in their values may be templates.

import type { Position } from '../model/position.ts';
import { isDict, PySet, Tuple, trusted, type Value } from '../model/value.ts';

/** The value with its text as templates, where it looks like them; keys stay text. */
export function trust(value: Value, position?: Position): Value {
  const each = (items: Iterable<Value>): Value[] => Array.from(items, (item) => trust(item, position));
  if (typeof value === 'string') return trusted(value, position);
  if (Array.isArray(value)) return each(value);
  if (value instanceof Tuple) return new Tuple(each(value.items));
  if (value instanceof PySet) return new PySet(each(value.items));
  if (isDict(value)) return new Map([...value].map(([key, item]) => [key, trust(item, position)]));
  return value;
}
