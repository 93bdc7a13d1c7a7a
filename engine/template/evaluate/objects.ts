// The objects that templates meet besides data: ranges, views of dicts, namespaces, cyclers, joiners, modules.

import { type Dict, Opaque, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { allowItems } from '../limits.ts';
import { repr } from '../python/text.ts';
import { Callable, Native } from './callable.ts';

/** `range(...)`: a sequence that is no list. */
export class Range extends Opaque {
  readonly typeName = 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  iterate(): Value[] {
    const count = this.length();
    allowItems(count, 'range()');
    return Array.from({ length: count }, (_, index) => this.start + index * this.step);
  }

  item(key: Value): Value | undefined {
    if (typeof key !== 'number') return undefined;
    const index = key < 0 ? key + this.length() : key;
    return Number.isInteger(key) && index >= 0 && index < this.length() ? this.start + index * this.step : undefined;
  }

  equals(other: Value): boolean {
    return other instanceof Range && repr(other) === repr(this);
  }

  repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }
}

/** keys(), values() and items() of a dict in classic typing. */
export class View extends Opaque {
  readonly typeName: string;
  readonly items: readonly Value[];

  constructor(kind: 'keys' | 'values' | 'items', items: readonly Value[]) {
    super();
    this.typeName = `dict_${kind}`;
    this.items = items;
  }

  length(): number {
    return this.items.length;
  }

  iterate(): readonly Value[] {
    return this.items;
  }

  repr(): string {
    return `${this.typeName}([${this.items.map(repr).join(', ')}])`;
  }
}

/** What `namespace()` makes: the only thing whose attributes a template can set. */
export class Namespace extends Opaque {
  readonly typeName = 'Namespace';
  readonly attributes: Dict;

  constructor(attributes: Dict) {
    super();
    this.attributes = attributes;
  }

  attribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }

  item(key: Value): Value | undefined {
    return this.attributes.get(key);
  }

  repr(): string {
    return `<Namespace ${repr(this.attributes)}>`;
  }
}

/** `cycler('odd', 'even')`. */
export class Cycler extends Opaque {
  readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #at = 0;

  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw new Fault('TypeError', 'at least one item has to be provided');
    this.#items = items;
  }

  attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.#items[this.#at];
      case 'next':
        return new Native('next', () => this.#next());
      case 'reset':
        return new Native('reset', () => {
          this.#at = 0;
          return null;
        });
      default:
        return undefined;
    }
  }

  #next(): Value {
    const item = this.#items[this.#at]!;
    this.#at = (this.#at + 1) % this.#items.length;
    return item;
  }
}

/** `joiner(', ')`: nothing the first time, the separator ever after. */
export class Joiner extends Callable {
  override readonly typeName = 'Joiner';
  readonly #separator: Value;
  #used = false;

  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }

  call(): Value {
    if (this.#used) return this.#separator;
    this.#used = true;
    return '';
  }
}

/** An imported template: what it set at its top level, and its text. */
export class Module extends Opaque {
  readonly typeName = 'TemplateModule';
  readonly #exports: ReadonlyMap<string, Value>;
  readonly #text: string;

  constructor(exports: ReadonlyMap<string, Value>, text: string) {
    super();
    this.#exports = exports;
    this.#text = text;
  }

  attribute(name: string): Value | undefined {
    return name.startsWith('_') ? undefined : this.#exports.get(name);
  }

  str(): string {
    return this.#text;
  }
}

/** A pair, as items() and dictsort make them. */
export function pair(key: Value, value: Value): Tuple {
  return new Tuple([key, value]);
}
