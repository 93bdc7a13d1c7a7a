// `'{0} {name!r:>8}'.format(...)`: replacement fields, with attributes and items looked up as templates may.

import type { Dict, Value } from '../../model/value.ts';
import { Fault, valueFault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { dictGet } from './dicts.ts';
import { formatValue } from './spec.ts';
import { quote, repr, str } from './text.ts';

/** How `{0.name[key]}` reads attributes and items. */
export interface Reader {
  attribute(value: Value, name: string): Value;
  item(value: Value, key: Value): Value;
}

/** `template.format(*values, **named)`. Throws as Python does. */
export function formatText(template: string, values: readonly Value[], named: Dict, reader: Reader): string {
  return new Formatter(values, named, reader).text(template, 0);
}

class Formatter {
  readonly #values: readonly Value[];
  readonly #named: Dict;
  readonly #reader: Reader;
  #next = 0;

  constructor(values: readonly Value[], named: Dict, reader: Reader) {
    this.#values = values;
    this.#named = named;
    this.#reader = reader;
  }

  text(template: string, depth: number): string {
    if (depth > 2) return valueFault('Max string recursion exceeded');
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
        const end = closing(template, at);
        result += this.#field(template.slice(at + 1, end), depth);
        at = end + 1;
      }
      allowText(result.length, 'format()');
    }
    return result;
  }

  #field(field: string, depth: number): string {
    const [, name = '', conversion, spec = ''] =
      /^((?:\[[^\]]*\]|[^!:[])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(field) ?? [];
    const value = this.#value(name);
    const inner = spec.includes('{') ? this.text(spec, depth + 1) : spec;
    switch (conversion) {
      case undefined:
        return formatValue(value, inner);
      case 's':
        return formatValue(str(value), inner);
      case 'r':
      case 'a':
        return formatValue(repr(value), inner);
      default:
        return valueFault(`Unknown conversion specifier '${conversion}'`);
    }
  }

  #value(path: string): Value {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? [];
    let value = this.#first(first);
    for (const [, name, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
      if (name !== undefined) value = this.#reader.attribute(value, name);
      else value = this.#reader.item(value, /^\d+$/.test(key!) ? Number(key) : key!);
    }
    return value;
  }

  #first(name: string): Value {
    if (name === '' || /^\d+$/.test(name)) {
      const place = name === '' ? this.#next : Number(name);
      if (name === '') this.#next += 1;
      const value = this.#values[place];
      if (value !== undefined) return value;
      throw new Fault('IndexError', `Replacement index ${place} out of range for positional args tuple`);
    }
    const value = dictGet(this.#named, name);
    if (value === undefined) throw new Fault('KeyError', quote(name));
    return value;
  }
}

/** Where the field that opens at `from` ends. */
function closing(template: string, from: number): number {
  let depth = 0;
  for (let at = from; at < template.length; at += 1) {
    if (template[at] === '{') depth += 1;
    else if (template[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return valueFault("expected '}' before end of string");
}
