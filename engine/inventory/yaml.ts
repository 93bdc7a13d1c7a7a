// The YAML (and JSON) format: groups with hosts, vars and children. What script output says differs only a little and
// stands in script.ts.

import { InventoryError } from '../model/errors.ts';
import { isDict, type Value } from '../model/value.ts';
import { expandHosts } from './range.ts';
import type { Store } from './store.ts';

/** Reads a document into a store. Throws InventoryError when it is no inventory. */
export function readYamlInventory(document: Value, file: string, store: Store, warn: (message: string) => void): void {
  if (!isDict(document))
    throw new InventoryError(
      `YAML inventory has invalid structure, it should be a dictionary, got: ${document === null ? 'nothing' : typeof document}`,
    );
  if (document.has('plugin')) throw new InventoryError('Plugin configuration YAML file, not YAML inventory');
  for (const [name, group] of document) readGroup(String(name), group, file, store, warn);
}

function readGroup(name: string, group: Value, file: string, store: Store, warn: (message: string) => void): void {
  store.group(name);
  if (group === null) return;
  if (!isDict(group)) {
    warn(`Skipping '${name}' as this is not a valid group definition`);
    return;
  }
  for (const [key, value] of group) {
    if (key !== 'vars' && key !== 'children' && key !== 'hosts') {
      warn(
        `Skipping unexpected key "${String(key)}" in group "${name}", only "vars", "children" and "hosts" are valid`,
      );
      continue;
    }
    if (value === null) continue;
    const section = typeof value === 'string' ? new Map<Value, Value>([[value, null]]) : value;
    if (!isDict(section))
      throw new InventoryError(
        `Invalid "${key}" entry for "${name}" group, requires a dictionary, found a ${Array.isArray(value) ? 'list' : typeof value} instead.`,
      );
    if (key === 'vars') for (const [variable, item] of section) store.setGroupVar(name, variable, item);
    else if (key === 'children')
      for (const [child, item] of section) {
        readGroup(String(child), item, file, store, warn);
        store.addChild(name, String(child));
      }
    else for (const [host, vars] of section) readHost(String(host), vars, name, file, store);
  }
}

function readHost(entry: string, vars: Value, group: string, file: string, store: Store): void {
  const { names, port } = expandHosts(entry);
  for (const name of names) {
    store.host(name, file);
    store.addHost(group, name);
    if (port !== undefined) store.setHostVar(name, 'ansible_port', port);
    if (isDict(vars)) for (const [key, value] of vars) store.setHostVar(name, key, value);
    else if (vars !== null) throw new InventoryError(`The variables of host '${name}' must be a dictionary.`);
  }
}
