// Hosts and groups as the sources named them. Mutable only through its own methods: add_host and group_by use the same.

import type { Dict, Value } from './value.ts';

export interface Group {
  readonly name: string;
  readonly vars: Dict;
  /** Names of child groups, in the order in which they were named. */
  readonly children: Set<string>;
  /** Names of the hosts directly in it. */
  readonly hosts: Set<string>;
  /** ansible_group_priority. */
  priority: number;
  /** Distance from `all`. */
  depth: number;
}

export interface Host {
  readonly name: string;
  /** Variables of the host's own line or entry (not host_vars files). */
  readonly vars: Dict;
  /** The implicit localhost, which is in no group. */
  readonly implicit: boolean;
}

export interface Inventory {
  /** In inventory order. */
  hosts(): readonly Host[];
  host(name: string): Host | undefined;
  group(name: string): Group | undefined;
  groups(): readonly Group[];
  /** Names of all hosts in the group and its children, in inventory order. */
  hostsOf(group: string): readonly string[];
  /** Groups of the host with their ancestors, in the order in which their variables apply (later wins). */
  groupsOf(host: string): readonly Group[];
  /** The hosts that a pattern names, in inventory order; throws InventoryError on a pattern that cannot be read. */
  match(pattern: string | readonly string[], limit?: string | undefined): readonly string[];
  /** Adds or extends a host; true when something changed. */
  addHost(name: string, groups: readonly string[], vars: ReadonlyMap<Value, Value>): boolean;
  /** Puts a host in a group, made if missing, beneath the parents; true when something changed. */
  addToGroup(host: string, group: string, parents: readonly string[]): boolean;
  /** The sources as given (absolute), for inventory_file, inventory_dir and group_vars beside them. */
  readonly sources: readonly string[];
  /** The source that defined the host, for inventory_file; undefined for add_host's and localhost. */
  sourceOf(host: string): string | undefined;
  /** Reads the sources again (meta: refresh_inventory). */
  refresh(): Promise<void>;
}
