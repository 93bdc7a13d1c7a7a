// The door of this folder: sources -> Inventory.

import { isAbsolute, resolve } from 'node:path';
import { InventoryError } from '../model/errors.ts';
import type { Group, Host, Inventory } from '../model/inventory.ts';
import type { PlacedDocument, Position } from '../model/position.ts';
import type { Value } from '../model/value.ts';
import { expandLimit, matchHosts, type PatternOptions } from './pattern.ts';
import { readSource, type SourceOptions } from './source.ts';
import { LOCAL_NAMES, Store } from './store.ts';

export interface InventoryOptions {
  /** One YAML or JSON document; throws PlaybookError. */
  parseYaml(text: string, file: string): PlacedDocument;
  /** Receives warnings; the same text may come more than once. */
  warn(message: string, position?: Position): void;
  /** Setting enable_plugins. */
  readonly plugins?: readonly string[] | undefined;
  /** Settings inventory_ignore_extensions and inventory_ignore_patterns. */
  readonly ignoreExtensions?: readonly string[] | undefined;
  readonly ignorePatterns?: readonly string[] | undefined;
  readonly formats?: SourceOptions['formats'];
  /** Setting force_valid_group_names. */
  readonly groupNames?: GroupNames | undefined;
  /** Setting host_pattern_mismatch. */
  readonly mismatch?: PatternOptions['mismatch'] | undefined;
  /** Settings unparsed_is_failed and any_unparsed_is_failed. */
  readonly unparsedIsFailed?: boolean | undefined;
  readonly anyUnparsedIsFailed?: boolean | undefined;
  /** Setting localhost_warning; default true. */
  readonly localhostWarning?: boolean | undefined;
  /** Setting inventory_unparsed_warning; default true. */
  readonly unparsedWarning?: boolean | undefined;
}

/** What becomes of characters that no variable's name could hold: `never` and `always` tell of it. */
export type GroupNames = 'always' | 'never' | 'ignore' | 'silently';

const PLUGINS = ['host_list', 'script', 'auto', 'yaml', 'ini', 'toml'];
const IGNORED = ['.pyc', '.pyo', '.swp', '.bak', '~', '.rpm', '.md', '.txt', '.rst', '.orig', '.cfg', '.retry'];

/**
 * Reads inventory sources in order: files, folders, executables, lists of names with a comma.
 * @throws InventoryError only where a setting makes an unreadable source fatal; else such a source is a warning
 */
export async function loadInventory(sources: readonly string[], options: InventoryOptions): Promise<Inventory> {
  const absolute = sources.map((source) => (source.includes(',') || isAbsolute(source) ? source : resolve(source)));
  const inventory = new LoadedInventory(absolute, options);
  await inventory.refresh();
  return inventory;
}

const UNFIT = /^\d|[^A-Za-z0-9_]/g;

function groupNamer(how: GroupNames, warn: InventoryOptions['warn']): (name: string) => string {
  return (name) => {
    if (how === 'ignore' || name.search(UNFIT) < 0) return name;
    if (how === 'never')
      warn('Invalid characters were found in group names but not replaced, use -vvvv to see details');
    if (how === 'always')
      warn('Invalid characters were found in group names and automatically replaced, use -vvvv to see details');
    return how === 'never' ? name : name.replace(UNFIT, '_');
  };
}

class LoadedInventory implements Inventory {
  readonly sources: readonly string[];
  readonly #options: InventoryOptions;
  readonly #store: Store;
  readonly #groupsOf = new Map<string, readonly Group[]>();
  readonly #hostsOf = new Map<string, readonly string[]>();
  #seenVersion = -1;

  constructor(sources: readonly string[], options: InventoryOptions) {
    this.sources = sources;
    this.#options = options;
    this.#store = this.#emptyStore();
  }

  async refresh(): Promise<void> {
    const options = this.#options;
    const fresh = this.#emptyStore();
    const reading: SourceOptions = {
      parseYaml: options.parseYaml,
      warn: options.warn,
      plugins: options.plugins ?? PLUGINS,
      ignoreExtensions: options.ignoreExtensions ?? IGNORED,
      ignorePatterns: options.ignorePatterns ?? [],
      formats: options.formats,
    };
    let parsed = 0;
    for (const source of this.sources) {
      if (await readSource(source, fresh, reading)) parsed++;
      else if (options.anyUnparsedIsFailed)
        throw new InventoryError(`Completely failed to parse inventory source ${source}`);
    }
    fresh.reconcile();
    for (const name of fresh.groups.keys())
      if (fresh.hosts.has(name)) options.warn(`Found both group and host with same name: ${name}`);
    if (parsed === 0 && this.sources.length > 0 && options.unparsedIsFailed)
      throw new InventoryError('No inventory was parsed, please check your configuration and options.');
    if (parsed === 0 && (options.unparsedWarning ?? true))
      options.warn('No inventory was parsed, only implicit localhost is available');
    this.#store.become(fresh);
    if (fresh.hosts.size === 0 && (options.localhostWarning ?? true))
      options.warn(
        "provided hosts list is empty, only localhost is available. Note that the implicit localhost does not match 'all'",
      );
  }

  #emptyStore(): Store {
    return new Store(groupNamer(this.#options.groupNames ?? 'never', this.#options.warn));
  }

  hosts(): readonly Host[] {
    return this.hostsOf('all').map((name) => this.#store.hosts.get(name)!);
  }

  host(name: string): Host | undefined {
    return this.#store.hosts.get(name) ?? (LOCAL_NAMES.includes(name) ? this.#store.localhost(name) : undefined);
  }

  group(name: string): Group | undefined {
    return this.#store.groups.get(name);
  }

  groups(): readonly Group[] {
    return [...this.#store.groups.values()];
  }

  hostsOf(group: string): readonly string[] {
    this.#forgetIfChanged();
    let hosts = this.#hostsOf.get(group);
    if (!hosts) {
      hosts = this.#store.hostsOf(group);
      this.#hostsOf.set(group, hosts);
    }
    return hosts;
  }

  groupsOf(host: string): readonly Group[] {
    this.#forgetIfChanged();
    let groups = this.#groupsOf.get(host);
    if (!groups) {
      groups = this.#findGroupsOf(host);
      this.#groupsOf.set(host, groups);
    }
    return groups;
  }

  #findGroupsOf(host: string): readonly Group[] {
    if (!this.#store.hosts.has(host)) return [];
    const names = new Set<string>(['all']);
    for (const [name, group] of this.#store.groups) {
      if (!group.hosts.has(host)) continue;
      names.add(name);
      for (const parent of this.#store.ancestors(name)) names.add(parent);
    }
    const groups = [...names].map((name) => this.#store.groups.get(name)!);
    return groups.sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
  }

  match(pattern: string | readonly string[], limit?: string): readonly string[] {
    const options: PatternOptions = { warn: this.#options.warn, mismatch: this.#options.mismatch ?? 'warning' };
    const hosts = matchHosts(pattern, this.#store, options);
    if (limit === undefined || limit === '') return hosts;
    const allowed = new Set(matchHosts(expandLimit(limit), this.#store, options));
    return hosts.filter((host) => allowed.has(host));
  }

  addHost(name: string, groups: readonly string[], vars: ReadonlyMap<Value, Value>): boolean {
    const known = this.#store.hosts.get(name);
    const host = this.#store.host(name);
    let changed = known === undefined;
    for (const group of groups) if (this.#store.addHost(group, name)) changed = true;
    for (const [key, value] of vars) {
      if (host.vars.get(key) === value) continue;
      host.vars.set(key, value);
      changed = true;
    }
    if (changed) this.#store.reconcile();
    return changed;
  }

  addToGroup(host: string, group: string, parents: readonly string[]): boolean {
    let changed = !this.#store.groups.has(group);
    for (const parent of parents) if (this.#store.addChild(parent, group)) changed = true;
    if (this.#store.addHost(group, host)) changed = true;
    if (changed) this.#store.reconcile();
    return changed;
  }

  sourceOf(host: string): string | undefined {
    return this.#store.sourceOfHost.get(host);
  }

  #forgetIfChanged(): void {
    if (this.#seenVersion === this.#store.version) return;
    this.#seenVersion = this.#store.version;
    this.#groupsOf.clear();
    this.#hostsOf.clear();
  }
}
