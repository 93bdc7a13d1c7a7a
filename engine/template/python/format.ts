// `'{0} {name!r:>8}'.format(...)`: replacement fields, with attributes and items of what they name.

import { isDict, type Value } from '../../model/value.ts';
import { Fault, valueFault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { dictGet } from './dicts.ts';
import { formatValue } from './spec.ts';
import { ascii, quote, repr, str } from './text.ts';
import { typeName } from './types.ts';

/** How `{0.name[key]}` reads attributes and items; undefined where there is none. */
export interface Reader {
  attribute(value: Value, name: string): Value | undefined;
  item(value: Value, key: Value): Value | undefined;
}

/** `template.format(*values, **named)`; `format_map(named)` where there are no values. Throws as Python does. */
export function formatText(
  template: string,
  values: readonly Value[] | undefined,
  named: Value,
  reader: Reader,
): string {
  return new Formatter(values, named, reader).text(template, 0);
}

class Formatter {
  readonly #values: readonly Value[] | undefined;
  readonly #named: Value;
  readonly #reader: Reader;
  /** Are fields numbered by themselves or by the template? */
  #numbering: 'automatic' | 'manual' | undefined;
  #next = 0;

  constructor(values: readonly Value[] | undefined, named: Value, reader: Reader) {
    this.#values = values;
    this.#named = named;
    this.#reader = reader;
  }

  text(template: string, depth: number): string {
    if (depth > 1) return valueFault('Max string recursion exceeded');
    let result = '';
    for (let at = 0; at < template.length; ) {
      const sign = template[at]!;
      if (sign !== '{' && sign !== '}') {
        result += sign;
        at += 1;
      } else if (template[at + 1] === sign) {
        result += sign;
        at += 2;
      } else if (sign === '}') return valueFault("Single '}' encountered in format string");
      else {
        const field = fieldAt(template, at + 1);
        result += this.#field(field, depth);
        at = field.end;
      }
      allowText(result.length, 'format()');
    }
    return result;
  }

  #field({ name, conversion, spec }: Field, depth: number): string {
    const value = this.#value(name);
    const inner = spec.includes('{') ? this.text(spec, depth + 1) : spec;
    switch (conversion) {
      case undefined:
        return formatValue(value, inner);
      case 's':
        return formatValue(str(value), inner);
      case 'r':
        return formatValue(repr(value), inner);
      case 'a':
        return formatValue(ascii(value), inner);
      default:
        return valueFault(`Unknown conversion specifier ${conversion}`);
    }
  }

  #value(path: string): Value {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? [];
    let value = this.#first(first);
    for (let at = 0; at < rest.length; ) {
      const [step, , name, key] = /^(\.([^.[]*)|\[([^\]]*)\])/.exec(rest.slice(at)) ?? [];
      if (step === undefined)
        return valueFault(
          rest[at] === '['
            ? "Missing ']' in format string"
            : "Only '.' or '[' may follow ']' in format field specifier",
        );
      if (name === '' || key === '') return valueFault('Empty attribute in format string');
      value = name === undefined ? this.#item(value, key!) : this.#attribute(value, name);
      at += step.length;
    }
    return value;
  }

  #attribute(value: Value, name: string): Value {
    const found = this.#reader.attribute(value, name);
    if (found !== undefined) return found;
    throw new Fault('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
  }

  #item(value: Value, name: string): Value {
    const key = /^\d+$/.test(name) ? Number(name) : name;
    const found = this.#reader.item(value, key);
    if (found !== undefined) return found;
    if (isDict(value)) throw new Fault('KeyError', repr(key));
    throw new Fault(
      'IndexError',
      typeof key === 'number'
        ? `${typeName(value)} index out of range`
        : `${typeName(value)} indices must be integers, not 'str'`,
    );
  }

  #first(name: string): Value {
    if (name !== '' && !/^\d+$/.test(name)) {
      const value = isDict(this.#named) ? dictGet(this.#named, name) : this.#reader.item(this.#named, name);
      if (value === undefined) throw new Fault('KeyError', quote(name));
      return value;
    }
    const numbering = name === '' ? 'automatic' : 'manual';
    this.#numbering ??= numbering;
    if (this.#numbering !== numbering)
      return valueFault(
        numbering === 'manual'
          ? 'cannot switch from automatic field numbering to manual field specification'
          : 'cannot switch from manual field specification to automatic field numbering',
      );
    if (this.#values === undefined) return valueFault('Format string contains positional fields');
    const place = name === '' ? this.#next : Number(name);
    this.#next += 1;
    const value = this.#values[place];
    if (value !== undefined) return value;
    throw new Fault('IndexError', `Replacement index ${place} out of range for positional args tuple`);
  }
}

interface Field {
  readonly name: string;
  readonly conversion: string | undefined;
  readonly spec: string;
  /** The place behind the closing brace. */
  readonly end: number;
}

/** The field whose inside starts at `from`. Throws as Python does where it is malformed. */
function fieldAt(template: string, from: number): Field {
  const [name = ''] = /^(?:\[[^\]]*(?:\]|$)|[^[\]{}:!]|\])*/.exec(template.slice(from)) ?? [];
  let at = from + name.length;
  const unfinished = "expected '}' before end of string";
  if (template[at] === '{') return valueFault("unexpected '{' in field name");
  let conversion: string | undefined;
  if (template[at] === '!') {
    conversion = template[at + 1] ?? valueFault('end of string while looking for conversion specifier');
    at += 2;
    if (at < template.length && template[at] !== '}' && template[at] !== ':')
      return valueFault("expected ':' after conversion specifier");
  }
  if (template[at] === '}') return { name, conversion, spec: '', end: at + 1 };
  if (template[at] !== ':') return valueFault(unfinished);
  let depth = 1;
  for (let end = at + 1; end < template.length; end += 1) {
    if (template[end] === '{') depth += 1;
    else if (template[end] === '}') depth -= 1;
    if (depth === 0) return { name, conversion, spec: template.slice(at + 1, end), end: end + 1 };
  }
  return valueFault(unfinished);
}
