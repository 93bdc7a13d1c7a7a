// Variables as templates see them: dicts and lists whose templates are rendered when they are read, and not before. What
// a template changes is its own copy; the variable stays as it was.

import {
  type Dict,
  isDict,
  isStanding,
  type Scope,
  type Standing,
  Template,
  Tuple,
  type Value,
} from '../../model/value.ts';

/** Renders the templates of variables. */
export interface Renderer {
  renderTemplate(template: Template): Value;
  /** The renderer of templates that see other variables. */
  inner(scope: Scope): Renderer;
}

/** The raw value with its templates behind a view: the value itself where there is nothing to render. */
export function view(raw: Value, renderer: Renderer): Value {
  if (typeof raw !== 'object' || raw === null) return raw;
  if (raw instanceof Template) return renderer.renderTemplate(raw);
  if (Array.isArray(raw)) return viewList(raw, renderer);
  if (isDict(raw)) return new LazyDict(raw, isStanding(raw) && raw.scope ? renderer.inner(raw.scope) : renderer);
  if (raw instanceof Tuple) return new Tuple(viewList(raw.items, renderer));
  return raw;
}

function viewList(raw: readonly Value[], renderer: Renderer): Value[] {
  const list: Value[] = new Array(raw.length);
  for (let index = 0; index < raw.length; index += 1) {
    const item = raw[index]!;
    if (item instanceof Template) defer(list, index, item, renderer);
    else list[index] = view(item, renderer);
  }
  return list;
}

/** An element that is rendered when it is first read. */
function defer(list: Value[], index: number, template: Template, renderer: Renderer): void {
  const settle = (value: Value): Value => {
    Object.defineProperty(list, index, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(list, index, {
    get: () => settle(renderer.renderTemplate(template)),
    set: settle,
    enumerable: true,
    configurable: true,
  });
}

/** A dict that renders its values one by one. It is a Map in all that reading code can see. */
export class LazyDict extends Map<Value, Value> implements Standing {
  #raw: ReadonlyMap<Value, Value> | undefined;
  readonly #renderer: Renderer;

  readonly typeName: string;

  constructor(raw: Dict, renderer: Renderer) {
    super();
    this.typeName = isStanding(raw) ? raw.typeName : 'dict';
    this.#raw = raw;
    this.#renderer = renderer;
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
    const value = view(raw, this.#renderer);
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
