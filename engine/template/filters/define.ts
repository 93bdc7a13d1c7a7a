// How a filter is written down: a name, a signature, and a function over the bound arguments.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { bind, type CallArgs, type Env, type Filter, type Signature, type Traits } from '../library.ts';
import { truth } from '../python/compare.ts';
import { isFloat, isInt, isNumeric, parseInteger, toNumber, truncate } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { boolOf } from './boolean.ts';

export type Bound = readonly (Value | undefined)[];
export type Named<T> = readonly [name: string, entry: T];
export type FilterTable = readonly Named<Filter>[];

/** A filter whose arguments are bound to `signature` before `run` sees them. */
export function filter(
  name: string,
  signature: Signature,
  run: (input: Value, args: Bound, env: Env) => Value,
  traits: Traits = {},
): Named<Filter> {
  return [name, { ...traits, call: (input, args, env) => run(input, bind(name, args, signature), env) }];
}

/** A filter that reads its arguments itself. */
export function rawFilter(
  name: string,
  run: (input: Value, args: CallArgs, env: Env) => Value,
  traits: Traits = {},
): Named<Filter> {
  return [name, { ...traits, call: run }];
}

/** The same filter by another name. */
export function alias(name: string, [, entry]: Named<Filter>): Named<Filter> {
  return [name, entry];
}

/** Throws the error of a filter that was handed something it cannot work with. */
export function refuse(message: string): never {
  throw new Fault('TemplateError', message);
}

/** An optional bool; anything else is judged by its truth. */
export function flag(value: Value | undefined, fallback = false): boolean {
  return value === undefined ? fallback : truth(value);
}

/** An optional int. Throws a TypeError fault for what is no number. */
export function integer(value: Value | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'boolean') return Number(value);
  if (!isInt(value)) throw new Fault('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(value);
}

/** An optional number of any kind. */
export function real(value: Value | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (!isNumeric(value)) throw new Fault('TypeError', `must be real number, not ${typeName(value)}`);
  return toNumber(value);
}

/** Optional text; other values are printed as text. */
export function text(value: Value | undefined, fallback = ''): string {
  return value === undefined || value === null ? fallback : str(value);
}

/** A dict with text keys out of a plain table. */
export function dictOf(entries: Iterable<readonly [string, Value]>): Dict {
  return new Map<Value, Value>(entries);
}

/** The value as a dict. Throws `message` otherwise. */
export function asDict(value: Value | undefined, message: string): Dict {
  return value !== undefined && isDict(value) ? value : refuse(message);
}

/** An int as Ansible checks arguments: a whole number, or text of one. */
export function intArgument(value: Value, name: string): number {
  const whole = isText(value) ? parseInteger(str(value)) : isFloat(value) ? truncate(toNumber(value)) : value;
  if (!isInt(whole) && typeof whole !== 'boolean') return refuse(`argument '${name}' is no integer: ${str(value)}`);
  return Number(whole);
}

/** A bool as Ansible checks arguments: one of its words too. */
export function boolArgument(value: Value | undefined, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  return boolOf(value) ?? refuse(`argument '${name}' is no bool: ${str(value)}`);
}
