// The values that playbooks, inventories, templates and results are made of: Python's, as Ansible's users see them.
//
// A dict is a Map (order kept, keys of any scalar type, nothing of JavaScript's prototypes reachable), an int is an
// integral `number` or, beyond 2^53, a `bigint`; a float is any other `number`, or a `Float` where it is integral
// (1.0). Text that may be a template is a `Template`; a plain string never is one: trust is in the type.

import type { Position } from './position.ts';

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Template
  | Bytes
  | DateTime
  | Value[]
  | Tuple
  | PySet
  | Dict
  | Opaque;

/** A mapping, in insertion order. Keys are scalars (or tuples); `1` and `'1'` are different keys, as in Python. */
export type Dict = Map<Value, Value>;

/** A float whose value is integral: printed `1.0`, where the number 1 is printed `1`. Make floats by `float()`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  toJSON(): number {
    return this.value;
  }
}

/** The float `x` in the one form that values use. */
export function float(x: number): number | Float {
  return Number.isInteger(x) ? new Float(x) : x;
}

/**
 * Text from a playbook, inventory, vars file or template that contains template marks and may be rendered.
 * Parsers make one for every scalar that contains `{{`, `{%` or `{#`; `!unsafe` ones are `Unsafe`, everything else is a string.
 * Mirrors ansible-core's trust tag.
 */
export class Template {
  readonly text: string;
  readonly position: Position | undefined;
  constructor(text: string, position?: Position) {
    this.text = text;
    this.position = position;
  }
  toString(): string {
    return this.text;
  }
}

/** Encrypted text (`!vault`), opened when it is used: then it is the text in it, and never a template. */
export class Vaulted extends Template {}

/** Text that was written as `!unsafe`, or came from a host into a place of written text: it is rendered to itself. */
export class Unsafe extends Template {}

/** True for text that has to become a `Template` when it comes from a trusted source. */
export function looksLikeTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#') || text.startsWith('#jinja2:');
}

/** Text from a trusted source: a `Template` if it has template marks, else the string itself. */
export function trusted(text: string, position?: Position): string | Template {
  return looksLikeTemplate(text) ? new Template(text, position) : text;
}

/** Python's bytes. */
export class Bytes {
  readonly data: Uint8Array;
  constructor(data: Uint8Array) {
    this.data = data;
  }
}

/** Python's date, datetime (from YAML timestamps and `to_datetime`), time and timedelta, as the template layer computes with them. */
export abstract class DateTime {
  /** `str()` of it. */
  abstract toString(): string;
  /** As JSON has it, where that is another form. */
  iso?(): string;
}

/** Python's tuple: becomes a list in modern typing, prints as `(1, 2)` in classic typing. */
export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Python's set, in insertion order. */
export class PySet {
  readonly items: Value[];
  constructor(items: Value[]) {
    this.items = items;
  }
}

/** Objects of the template layer (undefined, macros, generators, namespaces, lazy views): never seen outside of it. */
export abstract class Opaque {
  abstract readonly typeName: string;
}

/** What the special variable `omit` holds; an argument that equals it after rendering is left out. */
export class Omit extends Opaque {
  readonly typeName = 'Omit';
}
export const OMIT = new Omit();

export function isDict(value: unknown): value is Dict {
  return value instanceof Map;
}

/** JSON as modules, events and connections exchange it. `Float` and `bigint` appear only where a value came from YAML or a template. */
export type Json = null | boolean | number | bigint | Float | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value as plain JSON: dict keys become text as Python's json prints them; templates keep their source. */
export function toJson(value: Value): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint' || value instanceof Float) return value;
  if (value instanceof Template) return value.text;
  if (value instanceof Bytes) return new TextDecoder().decode(value.data);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Tuple || value instanceof PySet) return value.items.map(toJson);
  if (value instanceof Map) {
    const object: Record<string, Json> = {};
    for (const [key, item] of value) setOwn(object, keyText(key), toJson(item));
    return object;
  }
  if (value === OMIT) return '__omit_place_holder__';
  return value instanceof DateTime ? (value.iso?.() ?? String(value)) : String(value);
}

/** Plain JSON as values: what is text stays text and is never a template. */
export function fromJson(json: Json): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (json !== null && typeof json === 'object' && !(json instanceof Float)) {
    const dict: Dict = new Map();
    for (const key of Object.keys(json)) dict.set(key, fromJson((json as JsonObject)[key]!));
    return dict;
  }
  return json as null | boolean | number | bigint | Float | string;
}

/** A dict key as JSON text. */
export function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (key instanceof Float) return `${key.value}.0`;
  return String(key);
}

/** Variables seen lazily: nothing is computed until a name is asked for. */
export interface Scope {
  /** The raw value (it may hold templates), or undefined when there is no such variable. */
  get(name: string): Value | undefined;
  /** All names that `get` answers, each once. */
  names(): Iterable<string>;
  /**
   * The values, as they were written, that the variable was made of: itself, where it is one of a playbook or inventory;
   * none, where it is what a host, a lookup or the engine said. Text in them is trusted, also where it is no template; a
   * scope that cannot tell trusts none.
   */
  written?(name: string): Iterable<Value>;
}

/** What a dict that stands for variables (`hostvars`, and each host's in it) tells of itself beside its entries. */
export interface Standing {
  /** What templates call its type. */
  readonly typeName: string;
  /** What its templates see; without one, what is seen where the dict is read. */
  readonly scope?: Scope | undefined;
}

export function isStanding(value: Value): value is Dict & Standing {
  return value instanceof Map && 'typeName' in value;
}

/** Sets `object[key]` as an own property, also for names such as `__proto__`. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
