// Scopes: variables seen from a place. Nothing is computed until a name is asked for, and then only along the list of
// precedence, strongest first.

import { type Dict, isDict, type Scope, type Value } from '../model/value.ts';
import type { Place } from './place.ts';
import { type Layer, PRECEDENCE, type Sources } from './precedence.ts';

/** A scope that finds names along the list of precedence. */
export class LayeredScope implements Scope {
  readonly #place: Place;
  readonly #sources: Sources;
  readonly #merges: boolean;
  #layers: Layer[] | undefined;

  constructor(place: Place, sources: Sources, merges: boolean) {
    this.#place = place;
    this.#sources = sources;
    this.#merges = merges;
  }

  get(name: string): Value | undefined {
    const layers = this.#strongestFirst();
    for (let index = 0; index < layers.length; index++) {
      const value = layers[index]!.get(name);
      if (value === undefined) continue;
      return this.#merges && isDict(value) ? this.#merged(name, value, index + 1) : value;
    }
    return undefined;
  }

  names(): Iterable<string> {
    const names = new Set<string>();
    for (const layer of this.#strongestFirst())
      for (const name of layer.keys()) if (typeof name === 'string') names.add(name);
    return names;
  }

  /** hash_behaviour = merge: dicts of weaker levels lie beneath, key by key. */
  #merged(name: string, value: Dict, from: number): Value {
    let result = value;
    for (const layer of this.#strongestFirst().slice(from)) {
      const weaker = layer.get(name);
      if (weaker === undefined) continue;
      if (!isDict(weaker)) break;
      result = mergeDicts(weaker, result);
    }
    return result;
  }

  #strongestFirst(): readonly Layer[] {
    if (!this.#layers) {
      const layers: Layer[] = [];
      for (const level of PRECEDENCE) for (const layer of level.layers(this.#place, this.#sources)) layers.push(layer);
      this.#layers = layers
        .filter((layer) => !(layer.constructor === Map && (layer as ReadonlyMap<unknown, unknown>).size === 0))
        .reverse();
    }
    return this.#layers;
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
export class LazyDict extends Map<Value, Value> {
  readonly #find: (name: string) => Value | undefined;
  readonly #names: () => Iterable<string>;

  constructor(find: (name: string) => Value | undefined, names: () => Iterable<string>) {
    super();
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
