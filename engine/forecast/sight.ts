// What a module sees in a dry run, with a note of what it looked at: the outcome is as certain as the least certain state that
// the plan was made of, whatever else the answer held.

import type { Resource, State } from '../model/resource.ts';
import type { Certainty } from '../model/result.ts';
import { type Doubt, worse } from './forecast.ts';

/** States by resource; going through them all counts as having looked at each. */
export class Sight extends Map<Resource, State> {
  readonly #doubts = new Map<Resource, Doubt>();
  readonly #lookedAt = new Set<Resource>();

  /** Takes in a further answer, the later state winning. */
  learn(observed: Iterable<readonly [Resource, State]>, doubts: ReadonlyMap<Resource, Doubt> = new Map()): void {
    for (const [resource, state] of observed) {
      this.set(resource, state);
      this.#doubts.delete(resource);
    }
    for (const [resource, doubt] of doubts) this.#doubts.set(resource, doubt);
  }

  /** The certainty of what was looked at so far. */
  get doubt(): Doubt {
    let worst: Doubt = { certainty: 'certain', restsOn: undefined };
    for (const resource of this.#lookedAt) {
      const doubt = this.#doubts.get(resource);
      if (doubt !== undefined && isWorse(doubt.certainty, worst.certainty)) worst = doubt;
    }
    return worst;
  }

  override get(resource: Resource): State | undefined {
    this.#lookedAt.add(resource);
    return super.get(resource);
  }

  override has(resource: Resource): boolean {
    this.#lookedAt.add(resource);
    return super.has(resource);
  }

  override entries(): MapIterator<[Resource, State]> {
    this.#lookAtAll();
    return super.entries();
  }

  override values(): MapIterator<State> {
    this.#lookAtAll();
    return super.values();
  }

  override keys(): MapIterator<Resource> {
    this.#lookAtAll();
    return super.keys();
  }

  override forEach(visit: (state: State, resource: Resource, all: Map<Resource, State>) => void): void {
    this.#lookAtAll();
    super.forEach(visit);
  }

  override [Symbol.iterator](): MapIterator<[Resource, State]> {
    return this.entries();
  }

  #lookAtAll(): void {
    for (const resource of super.keys()) this.#lookedAt.add(resource);
  }
}

function isWorse(one: Certainty, other: Certainty): boolean {
  return one !== other && worse(one, other) === one;
}
