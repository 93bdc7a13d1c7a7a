// Scopes: variables seen from a place. Nothing is computed until a name is asked for, and then only along the list of
// precedence, strongest first.

import { type Dict, isDict, type Scope, type Standing, type Value } from '../model/value.ts';
import type { Place } from './place.ts';
import { type Layer, PRECEDENCE, type Sources } from './precedence.ts';

/** A scope that finds names along the list of precedence. What a level draws from is looked for when it comes to it. */
export class LayeredScope implements Scope {
  readonly #place: Place;
  readonly #sources: Sources;
  readonly #merges: boolean;
  readonly #levels: (readonly Layer[] | undefined)[] = new Array(PRECEDENCE.length);

  constructor(place: Place, sources: Sources, merges: boolean) {
    this.#place = place;
    this.#sources = sources;
    this.#merges = merges;
  }

  get(name: string): Value | undefined {
    let found: Dict | undefined;
    for (let level = PRECEDENCE.length - 1; level >= 0; level--) {
      const layers = this.#layers(level);
      for (let index = layers.length - 1; index >= 0; index--) {
        const value = layers[index]!.get(name);
        if (value === undefined) continue;
        if (!this.#merges || !isDict(value)) return found ?? value;
        // hash_behaviour = merge: dicts of weaker levels lie beneath, key by key.
        found = found ? mergeDicts(value, found) : value;
      }
    }
    return found;
  }

  written(name: string): Iterable<Value> {
    const found: Value[] = [];
    for (let level = PRECEDENCE.length - 1; level >= 0; level--)
      for (const layer of [...this.#layers(level)].reverse()) {
        const value = layer.get(name);
        if (value === undefined) continue;
        found.push(...(PRECEDENCE[level]!.written?.(name, this.#place, this.#sources) ?? [value]));
        if (!this.#merges || !isDict(value)) return found;
      }
    return found;
  }

  names(): Iterable<string> {
    const names = new Set<string>();
    for (let level = PRECEDENCE.length - 1; level >= 0; level--)
      for (const layer of [...this.#layers(level)].reverse())
        for (const name of layer.keys()) if (typeof name === 'string') names.add(name);
    return names;
  }

  #layers(level: number): readonly Layer[] {
    let layers = this.#levels[level];
    if (layers === undefined) {
      layers = [...PRECEDENCE[level]!.layers(this.#place, this.#sources)];
      this.#levels[level] = layers;
    }
    return layers;
  }
}

/** Both dicts as one, deeply; the second wins, lists are replaced. */
export function mergeDicts(weaker: Dict, stronger: Dict): Dict {
  const result: Dict = new Map(weaker);
  for (const [key, value] of stronger) {
    const below = result.get(key);
    result.set(key, isDict(below) && isDict(value) ? mergeDicts(below, value) : value);
  }
  return result;
}

/** A dict whose values are found when they are asked for. */
export class LazyDict extends Map<Value, Value> implements Standing {
  readonly typeName: string;
  readonly scope: Scope | undefined;
  readonly #find: (name: string) => Value | undefined;
  readonly #names: () => Iterable<string>;

  constructor(
    find: (name: string) => Value | undefined,
    names: () => Iterable<string>,
    standing: Partial<Standing> = {},
  ) {
    super();
    this.typeName = standing.typeName ?? 'dict';
    this.scope = standing.scope;
    this.#find = find;
    this.#names = names;
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#find(key) : undefined;
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  override get size(): number {
    return [...this.#names()].length;
  }

  override *keys(): MapIterator<Value> {
    yield* this.#names();
  }

  override *values(): MapIterator<Value> {
    for (const name of this.#names()) yield this.get(name)!;
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const name of this.#names()) yield [name, this.get(name)!];
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}
