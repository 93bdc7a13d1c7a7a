// The YAML (and JSON) format: groups with hosts, vars and children. What script output says differs only a little and
// stands in script.ts.

import { InventoryError } from '../model/errors.ts';
import type { PlacedDocument, Position } from '../model/position.ts';
import { isDict, Template, type Value } from '../model/value.ts';
import { expandHosts } from './range.ts';
import type { Store } from './store.ts';

type Warn = (message: string, position?: Position) => void;

/** Reads a document into a store. Throws InventoryError when it is no inventory. */
export function readYamlInventory(document: PlacedDocument, file: string, store: Store, warn: Warn): void {
  const { value } = document;
  if (!isDict(value))
    throw new InventoryError(
      `YAML inventory has invalid structure, it should be a dictionary, got: ${value === null ? 'nothing' : kindOf(value)}`,
      { position: document.at([]) },
    );
  if (value.has('plugin'))
    throw new InventoryError('Plugin configuration YAML file, not YAML inventory', {
      position: document.at(['plugin']),
    });
  const reader = new Reader(document, file, store, warn);
  for (const [name, group] of value) reader.group(String(name), group, [name]);
}

class Reader {
  readonly #document: PlacedDocument;
  readonly #file: string;
  readonly #store: Store;
  readonly #warn: Warn;

  constructor(document: PlacedDocument, file: string, store: Store, warn: Warn) {
    this.#document = document;
    this.#file = file;
    this.#store = store;
    this.#warn = warn;
  }

  /** `path`: the keys that lead to the group. */
  group(name: string, group: Value, path: readonly Value[]): void {
    this.#store.group(name);
    if (group === null) return;
    if (!isDict(group)) {
      this.#warn(`Skipping '${name}' as this is not a valid group definition`, this.#document.at(path));
      return;
    }
    for (const [key, value] of group) {
      const position = this.#document.at([...path, key]);
      if (key !== 'vars' && key !== 'children' && key !== 'hosts') {
        this.#warn(
          `Skipping unexpected key "${String(key)}" in group "${name}", only "vars", "children" and "hosts" are valid`,
          position,
        );
        continue;
      }
      if (value === null) continue;
      const section = typeof value === 'string' ? new Map<Value, Value>([[value, null]]) : value;
      if (!isDict(section))
        throw new InventoryError(
          `Invalid "${key}" entry for "${name}" group, requires a dictionary, found a ${kindOf(section)} instead.`,
          { position },
        );
      for (const [word, item] of section) {
        const text = String(word);
        if (key === 'vars') this.#store.setGroupVar(name, word, item);
        else if (key === 'hosts') this.#host(text, item, name, [...path, key, word]);
        else {
          this.group(text, item, [...path, key, word]);
          this.#store.addChild(name, text);
        }
      }
    }
  }

  #host(entry: string, vars: Value, group: string, path: readonly Value[]): void {
    const position = this.#document.at(path);
    const { names, port } = expandHosts(entry, position);
    for (const name of names) {
      this.#store.host(name, this.#file);
      this.#store.addHost(group, name);
      if (port !== undefined) this.#store.setHostVar(name, 'ansible_port', port);
      if (isDict(vars)) for (const [key, value] of vars) this.#store.setHostVar(name, key, value);
      else if (vars !== null)
        throw new InventoryError(`The variables of host '${name}' must be a dictionary.`, { position });
    }
  }
}

function kindOf(value: Value): string {
  return Array.isArray(value) ? 'list' : value instanceof Template ? 'string' : typeof value;
}
