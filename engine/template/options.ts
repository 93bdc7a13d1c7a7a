// Options of plugins: what each takes, and what it is for one call. It may be given, or be set by a variable, in the
// environment or in ansible.cfg; else it has its default.

import { type Dict, Float, float, isDict, Template, Tuple, type Value } from '../model/value.ts';
import { Fault } from './fault.ts';
import type { Env } from './library.ts';
import { parseInteger } from './python/numbers.ts';
import { repr, str } from './python/text.ts';
import { isText } from './python/types.ts';

/** How a value is taken; `int` and `integer` are one, and told in messages by the word of the documentation. */
export type OptionType = 'bool' | 'int' | 'integer' | 'float' | 'str' | 'list' | 'dict' | 'raw';

export interface Option {
  /** `raw`, any value as it is, where there is none. */
  readonly type?: OptionType;
  readonly default?: Value;
  readonly choices?: readonly string[];
  readonly aliases?: readonly string[];
  readonly vars?: readonly string[];
  readonly env?: readonly string[];
  /** Sections and keys of ansible.cfg. */
  readonly ini?: readonly (readonly [section: string, key: string])[];
}

export type Declared = Readonly<Record<string, Option>>;

/** A value and where it came from, as Ansible tells it: `Direct`, `var: x`, `env: X`, a file, `default`. */
export interface Found {
  readonly value: Value;
  readonly origin: string;
}

/** The plugin in messages: `'csvfile' lookup plugin`. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** What an option of the plugin is when it is not given. Throws a Fault for a value that it cannot take. */
export function foundOption(owner: Owner, name: string, option: Option, env: Env): Found {
  const found = unconverted(option, env);
  return found === undefined
    ? { value: option.default ?? null, origin: 'default' }
    : { value: taken(owner, name, option, found), origin: found.origin };
}

/** Of several names of one kind the last that is set counts. */
function unconverted(option: Option, env: Env): Found | undefined {
  for (const name of option.vars?.toReversed() ?? []) {
    const value = env.variable(name);
    if (value !== undefined) return { value, origin: `var: ${name}` };
  }
  for (const name of option.env?.toReversed() ?? []) {
    const value = process.env[name];
    if (value !== undefined) return { value, origin: `env: ${name}` };
  }
  for (const [section, key] of option.ini?.toReversed() ?? []) {
    const stored = env.context.services.stored(section, key);
    if (stored !== undefined) return { value: stored.value as string, origin: stored.origin };
  }
  return undefined;
}

function taken(owner: Owner, name: string, option: Option, { value, origin }: Found): Value {
  if (value === null) return option.default ?? null;
  const made = convert(value, option.type ?? 'raw');
  const plugin = `'${name}' for '${owner.name}' ${owner.kind} plugin`;
  if (made === undefined)
    throw new Fault(
      'LookupError',
      `Config ${plugin} from '${origin}' has an invalid value: Invalid value provided for '${option.type}': ${repr(value)}`,
    );
  if (option.choices !== undefined && !option.choices.includes(str(made)))
    throw new Fault('LookupError', `Invalid value ${repr(value)} for config ${plugin}.`);
  return made;
}

/** The value as the type has it; undefined where it is none of it. */
function convert(value: Value, type: OptionType): Value | undefined {
  const isList = Array.isArray(value) || value instanceof Tuple;
  switch (type) {
    case 'raw':
      return value;
    case 'bool':
      return /^(?:true|yes|on|1|y|t)$/i.test(str(value));
    case 'str':
      return isList || isDict(value) ? undefined : str(value);
    case 'dict':
      return isDict(value) ? value : undefined;
    case 'list':
      if (isText(value))
        return str(value)
          .split(',')
          .map((word) => word.trim());
      return isList ? value : undefined;
    case 'float': {
      const number = Number(str(value));
      return isList || isDict(value) || str(value).trim() === '' || Number.isNaN(number) ? undefined : float(number);
    }
    case 'int':
    case 'integer':
      return wholeNumber(value);
  }
}

function wholeNumber(value: Value): Value | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' || value instanceof Float) {
    const number = Number(value instanceof Float ? value.value : value);
    return Number.isInteger(number) ? number : undefined;
  }
  if (typeof value === 'bigint') return value;
  return isText(value) ? parseInteger(str(value)) : undefined;
}

/** All options of one call of a plugin, read by the kind of value that the caller knows them to be. */
export class Options {
  readonly owner: Owner;
  readonly declared: Declared;
  /** What the call names, as it was written. */
  readonly given: ReadonlyMap<string, Value>;
  readonly #env: Env;
  readonly #values = new Map<string, Value>();

  /** Throws a Fault for the first value that an option cannot take. */
  constructor(owner: Owner, declared: Declared, given: ReadonlyMap<string, Value>, env: Env) {
    this.owner = owner;
    this.declared = declared;
    this.given = given;
    this.#env = env;
    for (const [name, option] of Object.entries(declared)) {
      const word = [name, ...(option.aliases ?? [])].find((each) => given.has(each));
      const value =
        word === undefined
          ? foundOption(owner, name, option, env).value
          : taken(owner, name, option, { value: given.get(word)!, origin: 'Direct' });
      this.#values.set(name, value);
    }
  }

  /** The same call with more options given, which win. */
  with(more: ReadonlyMap<string, Value>): Options {
    if (more.size === 0) return this;
    return new Options(this.owner, this.declared, new Map([...this.given, ...more]), this.#env);
  }

  /** The same call with these options in place of those that were given. */
  instead(given: ReadonlyMap<string, Value>): Options {
    return new Options(this.owner, this.declared, given, this.#env);
  }

  value(name: string): Value {
    return this.#values.get(name) ?? null;
  }

  /** As text; undefined where there is none. */
  text(name: string): string | undefined {
    const value = this.value(name);
    return value === null ? undefined : str(value);
  }

  flag(name: string): boolean {
    return this.value(name) === true;
  }

  number(name: string): number {
    const value = this.value(name);
    return Number(value instanceof Float ? value.value : value);
  }

  /** The texts of a list; none where there is no list. */
  words(name: string): string[] {
    const value = this.value(name);
    const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : [];
    return items.map(str);
  }

  /** A dict; in 2.19 text in it is no template, whatever it looks like. */
  dict(name: string): Dict {
    const value = this.value(name);
    if (this.#env.typing === 'classic' && isDict(value)) return value;
    const plain = (item: Value): Value => (item instanceof Template ? item.text : item);
    return isDict(value) ? new Map([...value].map(([key, item]) => [key, plain(item)])) : new Map();
  }
}
