// Python's json.dumps over values: separators, escapes and indentation as json writes them.

import { DateTime, Float, isDict, PySet, Template, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { Undefined } from '../undefined.ts';
import { compare } from './compare.ts';
import { floatText } from './numbers.ts';
import { behaviour, isObject, typeName } from './types.ts';

export interface JsonOptions {
  /** Spaces (or text) of one level; undefined puts all on one line. */
  readonly indent?: number | string | undefined;
  readonly separators?: readonly [item: string, key: string] | undefined;
  readonly ensureAscii?: boolean | undefined;
  readonly sortKeys?: boolean | undefined;
  readonly skipKeys?: boolean | undefined;
  readonly allowNan?: boolean | undefined;
  /** Ranges and the like as lists, which Python's own json refuses. */
  readonly iterables?: boolean | undefined;
  /** Keys are text before they are sorted: of two that read alike, the latter counts. */
  readonly textKeys?: boolean | undefined;
  /** False where dates have no form either. */
  readonly dates?: boolean | undefined;
}

/** `json.dumps(value)`. Throws a TypeError fault for what JSON has no form for. */
export function dumpJson(value: Value, options: JsonOptions = {}): string {
  return new JsonWriter(options).write(value, '\n');
}

const CONTROL: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

/** Text as a JSON string. */
export function jsonText(text: string, ensureAscii = true): string {
  const special = ensureAscii ? /["\\\x00-\x1f]|[^\x20-\x7e]/g : /["\\\x00-\x1f]/g;
  return `"${text.replace(special, (char) => CONTROL[char] ?? unicodeEscape(char))}"`;
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

class JsonWriter {
  private readonly options: JsonOptions;
  private readonly step: string | undefined;
  private readonly itemSeparator: string;
  private readonly keySeparator: string;
  private readonly open = new Set<Value>();

  constructor(options: JsonOptions) {
    this.options = options;
    const { indent } = options;
    this.step = typeof indent === 'number' ? ' '.repeat(Math.max(indent, 0)) : indent;
    this.itemSeparator = options.separators?.[0] ?? (this.step === undefined ? ', ' : ',');
    this.keySeparator = options.separators?.[1] ?? ': ';
  }

  write(value: Value, newline: string): string {
    if (value === null) return 'null';
    if (typeof value === 'string') return jsonText(value, this.options.ensureAscii ?? true);
    if (value instanceof Template) return jsonText(value.text, this.options.ensureAscii ?? true);
    if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return Number.isInteger(value) ? String(value) : this.number(value);
    if (value instanceof Float) return floatText(value.value);
    if (value instanceof Undefined) return value.trip();
    if (Array.isArray(value)) return this.list(value, value, newline);
    if (value instanceof Tuple || value instanceof PySet) return this.list(value, value.items, newline);
    if (isDict(value)) return this.dict(value, newline);
    const date = value instanceof DateTime && this.options.dates !== false ? isoText(value) : undefined;
    if (date !== undefined) return jsonText(date);
    const items = this.options.iterables && isObject(value) ? behaviour(value).iterate?.() : undefined;
    if (items !== undefined) return this.list(value, [...items], newline);
    throw new Fault('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
  }

  private number(value: number): string {
    if (Number.isFinite(value)) return floatText(value);
    if (this.options.allowNan === false)
      throw new Fault('ValueError', `Out of range float values are not JSON compliant: ${floatText(value)}`);
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }

  private list(owner: Value, items: readonly Value[], newline: string): string {
    if (items.length === 0) return '[]';
    return this.once(owner, () => {
      const inner = newline + (this.step ?? '');
      return this.bracketed(
        '[',
        ']',
        items.map((item) => this.write(item, inner)),
        newline,
      );
    });
  }

  private dict(dict: ReadonlyMap<Value, Value>, newline: string): string {
    let entries = [...dict];
    if (this.options.textKeys) entries = [...this.byText(entries)];
    if (this.options.sortKeys) entries = entries.sort(([a], [b]) => compare(a, b));
    return this.once(dict as Value, () => {
      const inner = newline + (this.step ?? '');
      const written: string[] = [];
      for (const [key, value] of entries) {
        const name = this.key(key);
        if (name !== undefined)
          written.push(
            `${jsonText(name, this.options.ensureAscii ?? true)}${this.keySeparator}${this.write(value, inner)}`,
          );
      }
      return written.length === 0 ? '{}' : this.bracketed('{', '}', written, newline);
    });
  }

  private byText(entries: readonly [Value, Value][]): Map<Value, Value> {
    const named: Map<Value, Value> = new Map();
    for (const [key, value] of entries) {
      const name = this.key(key);
      if (name !== undefined) named.set(name, value);
    }
    return named;
  }

  private bracketed(open: string, close: string, parts: readonly string[], newline: string): string {
    if (this.step === undefined) return `${open}${parts.join(this.itemSeparator)}${close}`;
    const inner = newline + this.step;
    return `${open}${inner}${parts.join(this.itemSeparator + inner)}${newline}${close}`;
  }

  private key(key: Value): string | undefined {
    if (typeof key === 'string') return key;
    if (key instanceof Template) return key.text;
    if (key === null) return 'null';
    if (typeof key === 'boolean' || typeof key === 'bigint') return String(key);
    if (typeof key === 'number') return Number.isInteger(key) ? String(key) : this.number(key);
    if (key instanceof Float) return floatText(key.value);
    if (this.options.skipKeys) return undefined;
    throw new Fault('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
  }

  private once(container: Value, write: () => string): string {
    if (this.open.has(container)) throw new Fault('ValueError', 'Circular reference detected');
    this.open.add(container);
    try {
      return write();
    } finally {
      this.open.delete(container);
    }
  }
}

/** A date or time in the form of ISO 8601; a difference of times has none. */
function isoText(value: DateTime): string | undefined {
  return (value as { iso?: () => string }).iso?.();
}
