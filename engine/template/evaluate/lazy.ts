// Variables as templates see them: dicts and lists whose templates are rendered when they are read, and not before. What
// a template changes is its own copy; the variable stays as it was.

import { type Dict, isDict, Template, Tuple, type Value } from '../../model/value.ts';

/** Renders one template of a variable. */
export type Render = (template: Template) => Value;

/** The raw value with its templates behind a view: the value itself where there is nothing to render. */
export function view(raw: Value, render: Render): Value {
  if (typeof raw !== 'object' || raw === null) return raw;
  if (raw instanceof Template) return render(raw);
  if (Array.isArray(raw)) return viewList(raw, render);
  if (isDict(raw)) return new LazyDict(raw, render);
  if (raw instanceof Tuple) return new Tuple(viewList(raw.items, render));
  return raw;
}

function viewList(raw: readonly Value[], render: Render): Value[] {
  const list: Value[] = new Array(raw.length);
  for (let index = 0; index < raw.length; index += 1) {
    const item = raw[index]!;
    if (item instanceof Template) defer(list, index, item, render);
    else list[index] = view(item, render);
  }
  return list;
}

/** An element that is rendered when it is first read. */
function defer(list: Value[], index: number, template: Template, render: Render): void {
  const settle = (value: Value): Value => {
    Object.defineProperty(list, index, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(list, index, {
    get: () => settle(render(template)),
    set: settle,
    enumerable: true,
    configurable: true,
  });
}

/** A dict that renders its values one by one. It is a Map in all that reading code can see. */
export class LazyDict extends Map<Value, Value> {
  #raw: ReadonlyMap<Value, Value> | undefined;
  readonly #render: Render;

  /** What templates call its type. */
  readonly typeName: string;

  constructor(raw: Dict, render: Render) {
    super();
    this.typeName = 'typeName' in raw ? String(raw.typeName) : 'dict';
    this.#raw = raw;
    this.#render = render;
  }

  override get size(): number {
    return this.#raw?.size ?? super.size;
  }

  override has(key: Value): boolean {
    return this.#raw === undefined ? super.has(key) : this.#raw.has(key);
  }

  override get(key: Value): Value | undefined {
    if (this.#raw === undefined) return super.get(key);
    const raw = this.#raw.get(key);
    if (raw === undefined || typeof raw !== 'object' || raw === null) return raw;
    const known = super.get(key);
    if (known !== undefined) return known;
    const value = view(raw, this.#render);
    super.set(key, value);
    return value;
  }

  override set(key: Value, value: Value): this {
    this.#own();
    return super.set(key, value);
  }

  override delete(key: Value): boolean {
    this.#own();
    return super.delete(key);
  }

  override clear(): void {
    this.#raw = undefined;
    super.clear();
  }

  override keys(): MapIterator<Value> {
    return this.#raw === undefined ? super.keys() : (this.#raw.keys() as MapIterator<Value>);
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const key of this.keys()) yield [key, this.get(key)!];
  }

  override *values(): MapIterator<Value> {
    for (const key of this.keys()) yield this.get(key)!;
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Value, dict: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  /** Becomes a dict of its own, in the order of the variable, before it is changed. */
  #own(): void {
    if (this.#raw === undefined) return;
    const entries = [...this.entries()];
    this.#raw = undefined;
    super.clear();
    for (const [key, value] of entries) super.set(key, value);
  }
}
