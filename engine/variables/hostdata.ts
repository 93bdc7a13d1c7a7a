// What a run learns about a host: facts, set and registered variables, included ones, and how sure each is.

import type { Certainty } from '../model/result.ts';
import { type Dict, fromJson, type JsonObject, type Value } from '../model/value.ts';

export interface Sureness {
  readonly certainty: Certainty;
  /** What it rests on. */
  readonly reason?: string | undefined;
}

export class HostData {
  /** As modules gave them, most with the prefix `ansible_`. */
  readonly facts: Dict = new Map();
  /** set_fact and register, the later winning. */
  readonly set: Dict = new Map();
  /** Of set variables, what was written of them. */
  readonly setFrom = new Map<string, Iterable<Value>>();
  readonly included: Dict = new Map();
  readonly uncertain = new Map<string, Sureness>();
  #namespaced: Dict | undefined;

  addFacts(facts: JsonObject | ReadonlyMap<Value, Value>): void {
    const values =
      facts instanceof Map ? (facts as ReadonlyMap<Value, Value>) : (fromJson(facts as JsonObject) as Dict);
    for (const [name, value] of values) this.facts.set(name, value);
    this.#namespaced = undefined;
  }

  clearFacts(): void {
    this.facts.clear();
    this.#namespaced = undefined;
  }

  /** The dict `ansible_facts`: names without the prefix, but for `ansible_local`. */
  get ansibleFacts(): Dict {
    if (!this.#namespaced) {
      this.#namespaced = new Map();
      for (const [name, value] of this.facts) this.#namespaced.set(namespacedName(name), value);
    }
    return this.#namespaced;
  }
}

function namespacedName(name: Value): Value {
  return typeof name === 'string' && name !== 'ansible_local' && name.startsWith('ansible_')
    ? name.slice('ansible_'.length)
    : name;
}
