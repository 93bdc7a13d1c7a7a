// Which table of methods a value has.

import { Bytes, Float, isDict, PySet, Template, Tuple, type Value } from '../../model/value.ts';
import { LazyDict } from '../evaluate/lazy.ts';
import { Markup } from '../python/types.ts';
import { BYTES } from './bytes.ts';
import type { Method, Methods } from './define.ts';
import { DICT, LAZY_DICT } from './dict.ts';
import { LIST, TUPLE } from './list.ts';
import { MARKUP } from './markup.ts';
import { FLOAT, INT } from './number.ts';
import { SET } from './set.ts';
import { TEXT } from './text.ts';

/** The method `name` of the value's type; undefined where it has none. Trusted text is handed in as it is. */
export function methodOf(value: Value, name: string): Method | undefined {
  return tableOf(value)?.[name];
}

function tableOf(value: Value): Methods | undefined {
  switch (typeof value) {
    case 'string':
      return TEXT;
    case 'number':
      return Number.isInteger(value) ? INT : FLOAT;
    case 'bigint':
    case 'boolean':
      return INT;
  }
  if (value === null) return undefined;
  if (isDict(value)) return value instanceof LazyDict ? LAZY_DICT : DICT;
  if (Array.isArray(value)) return LIST;
  if (value instanceof Template) return value instanceof Markup ? MARKUP : TEXT;
  if (value instanceof Float) return FLOAT;
  if (value instanceof Tuple) return TUPLE;
  if (value instanceof PySet) return SET;
  if (value instanceof Bytes) return BYTES;
  return undefined;
}
