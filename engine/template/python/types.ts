// Which Python type a value has, and what the objects of the template layer have to answer for to behave like one.

import {
  Bytes,
  DateTime,
  Float,
  isDict,
  isStanding,
  Opaque,
  PySet,
  Template,
  Tuple,
  Unsafe,
  type Value,
} from '../../model/value.ts';

/** Text that is HTML already; it lives within a template and leaves it as a string. */
export class Markup extends Unsafe {}

/** What an `Opaque` or `DateTime` of the template layer may answer; what it lacks, it cannot do. */
export interface Behaviour {
  readonly typeName?: string;
  /** `repr()`. */
  repr?(): string;
  /** `str()`, where it is not `repr()`. */
  str?(): string;
  /** `bool()`. */
  truth?(): boolean;
  /** `len()`. */
  length?(): number;
  /** `iter()`. */
  iterate?(): Iterable<Value>;
  /** `format()` by what stands behind the colon. */
  format?(spec: string): string;
  /** An attribute or method; undefined where there is none. */
  attribute?(name: string): Value | undefined;
  /** An item; undefined where there is none. */
  item?(key: Value): Value | undefined;
  /** `==`, with anything. */
  equals?(other: Value): boolean;
  /** Ordering: negative, 0, positive; undefined where the two cannot be ordered. */
  compare?(other: Value): number | undefined;
  /** `a + b`, `a - b` ... with this on the left; undefined where it cannot be. */
  add?(other: Value): Value | undefined;
  subtract?(other: Value): Value | undefined;
  multiply?(other: Value): Value | undefined;
  divide?(other: Value): Value | undefined;
  floorDivide?(other: Value): Value | undefined;
  negate?(): Value;
}

/** The behaviour of an object of the template layer, or of a tuple with names. */
export function behaviour(value: Opaque | DateTime | Tuple): Behaviour {
  return value as unknown as Behaviour;
}

/** `type(value).__name__`. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
  }
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (isDict(value)) return isStanding(value) ? value.typeName : 'dict';
  if (value instanceof Template) return value instanceof Markup ? 'Markup' : 'str';
  if (value instanceof Float) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof PySet) return 'set';
  if (value instanceof Bytes) return 'bytes';
  return behaviour(value).typeName ?? (value instanceof DateTime ? 'datetime' : 'object');
}

/** True for text, trusted or not. */
export function isText(value: Value | undefined): value is string | Template {
  return typeof value === 'string' || value instanceof Template;
}

/** The characters of text as Python counts them. */
export function characters(text: string): string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split('');
}

/** True where UTF-16 units and Python's characters differ. */
export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** `len()` of text. */
export function textLength(text: string): number {
  return hasSurrogates(text) ? Array.from(text).length : text.length;
}

/** True for objects of the template layer. */
export function isObject(value: Value): value is Opaque | DateTime {
  return value instanceof Opaque || value instanceof DateTime;
}

/** What Python counts as white space, as a class of regular expressions has it inside: not quite what JavaScript does. */
export const BLANK = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
