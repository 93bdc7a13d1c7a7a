// The inventory itself: hosts, groups and what belongs to what. Sources fill it; plays read it; add_host and group_by
// go through the same few methods.

import { InventoryError } from '../model/errors.ts';
import type { Group, Host } from '../model/inventory.ts';
import type { Value } from '../model/value.ts';

/** Names of the control node that need no entry in an inventory. */
export const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

export class Store {
  readonly hosts = new Map<string, Host>();
  readonly groups = new Map<string, Group>();
  readonly sourceOfHost = new Map<string, string>();
  readonly #parents = new Map<string, Set<string>>();
  readonly #safe: (name: string) => string;
  #version = 0;
  #implicit: Host | undefined;

  /** `safe`: what a group of this name is called (setting force_valid_group_names). */
  constructor(safe: (name: string) => string = (name) => name) {
    this.#safe = safe;
    this.group('all');
    this.group('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  /** Counts up with every change of membership, so that answers can be remembered. */
  get version(): number {
    return this.#version;
  }

  /** The group of a name, made when there is none. */
  group(given: string): Group {
    let found = this.groups.get(given);
    const name = found ? given : this.#safe(given);
    found ??= this.groups.get(name);
    if (!found) {
      found = { name, vars: new Map(), children: new Set(), hosts: new Set(), priority: 1, depth: 0 };
      this.groups.set(name, found);
      this.#parents.set(name, new Set());
      this.#version++;
    }
    return found;
  }

  /** The host of a name, made when there is none. */
  host(name: string, source?: string): Host {
    let found = this.hosts.get(name);
    if (!found) {
      found =
        this.#implicit?.name === name
          ? { ...this.#implicit, implicit: false }
          : { name, vars: new Map(), implicit: false };
      this.hosts.set(name, found);
      if (source !== undefined) this.sourceOfHost.set(name, source);
      this.#version++;
    }
    return found;
  }

  /** The implicit localhost: it is in no group and in no pattern but its own name. */
  localhost(name = 'localhost'): Host {
    if (!this.#implicit || this.#implicit.name !== name)
      this.#implicit = { name, vars: new Map<Value, Value>([['ansible_connection', 'local']]), implicit: true };
    return this.#implicit;
  }

  /** Puts a host in a group; true when it was not there. */
  addHost(group: string, host: string): boolean {
    const { hosts } = this.group(group);
    if (hosts.has(host)) return false;
    hosts.add(host);
    this.#version++;
    return true;
  }

  /** Makes one group the child of another; true when it was not. Throws InventoryError on a loop. */
  addChild(above: string, below: string): boolean {
    if (above === below) throw new InventoryError("can't add group to itself");
    const { name: child } = this.group(below);
    const { name: parent, children } = this.group(above);
    if (children.has(child)) return false;
    if (this.ancestors(parent).has(child))
      throw new InventoryError(`Adding group '${child}' as child to '${parent}' creates a recursive dependency loop.`);
    children.add(child);
    this.#parents.get(child)!.add(parent);
    this.#deepen(child, this.group(parent).depth + 1);
    this.#version++;
    return true;
  }

  #deepen(name: string, depth: number): void {
    const group = this.group(name);
    if (depth <= group.depth) return;
    group.depth = depth;
    for (const child of group.children) this.#deepen(child, depth + 1);
  }

  parents(name: string): ReadonlySet<string> {
    return this.#parents.get(name) ?? new Set();
  }

  /** All groups above one. */
  ancestors(name: string): Set<string> {
    const seen = new Set<string>();
    const open = [...this.parents(name)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.parents(next));
    }
    return seen;
  }

  /** The group and all beneath it, level by level, in the order in which they were named. */
  descendants(name: string): string[] {
    const seen = new Set([name]);
    let level = [name];
    while (level.length > 0) {
      const next: string[] = [];
      for (const group of level)
        for (const child of this.groups.get(group)?.children ?? []) {
          if (seen.has(child)) continue;
          seen.add(child);
          next.push(child);
        }
      level = next;
    }
    return [...seen];
  }

  /** Names of the hosts in a group and beneath it, each once. */
  hostsOf(name: string): string[] {
    if (!this.groups.has(name)) return [];
    const hosts = new Set<string>();
    for (const group of this.descendants(name)) for (const host of this.groups.get(group)!.hosts) hosts.add(host);
    return [...hosts];
  }

  /** Sets a variable of a group; the one that is its priority is taken as such. */
  setGroupVar(group: string, name: Value, value: Value): void {
    const found = this.group(group);
    if (name === 'ansible_group_priority') {
      const priority = Number(value);
      if (!Number.isInteger(priority))
        throw new InventoryError(`The priority of group '${group}' must be a whole number.`);
      found.priority = priority;
      return;
    }
    found.vars.set(name, value);
  }

  setHostVar(host: string, name: Value, value: Value): void {
    this.host(host).vars.set(name, value);
  }

  /**
   * What Ansible makes of membership once all sources are read: every host is in `all`; who is in no other group is in
   * `ungrouped`, and only who is in no other; groups without a parent are children of `all`.
   */
  reconcile(): void {
    for (const [name, group] of this.groups) {
      if (name !== 'all' && this.parents(name).size === 0) this.addChild('all', name);
      if (name !== 'all' && group.depth === 0) this.#deepen(name, 1);
    }
    const grouped = new Set<string>();
    for (const [name, group] of this.groups) {
      if (name === 'all' || name === 'ungrouped') continue;
      for (const host of group.hosts) grouped.add(host);
    }
    const ungrouped = this.group('ungrouped');
    for (const host of this.hosts.keys()) {
      if (grouped.has(host)) ungrouped.hosts.delete(host);
      else ungrouped.hosts.add(host);
    }
    this.group('all').hosts.clear();
    this.#version++;
  }

  /** Takes everything from another store. */
  become(other: Store): void {
    this.hosts.clear();
    this.groups.clear();
    this.sourceOfHost.clear();
    this.#parents.clear();
    for (const [name, host] of other.hosts) this.hosts.set(name, host);
    for (const [name, group] of other.groups) this.groups.set(name, group);
    for (const [name, source] of other.sourceOfHost) this.sourceOfHost.set(name, source);
    for (const [name, parents] of other.#parents) this.#parents.set(name, parents);
    this.#version++;
  }
}
