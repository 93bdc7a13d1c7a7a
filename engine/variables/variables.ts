// The door of this folder: all variables of a run, written by the executor, read through lazy scopes.

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import type { Block, Node, Play, Role } from '../model/playbook.ts';
import type { Certainty } from '../model/result.ts';
import type { Dict, JsonObject, Scope, Value } from '../model/value.ts';
import { VarsBeside } from './beside.ts';
import { HostData } from './hostdata.ts';
import { type MagicSources, magicLayer, type RunInfo } from './magic.ts';
import type { Place, PlayState } from './place.ts';
import type { Layer, Sources } from './precedence.ts';
import { LayeredScope, LazyDict } from './scope.ts';
import { VarsFiles } from './varsfiles.ts';

export type { RunInfo } from './magic.ts';
export type { Place, PlayState } from './place.ts';

export interface VariablesOptions {
  readonly inventory: Inventory;
  readonly extraVars: Dict;
  /** Folder of the playbook. */
  readonly playbookDir: string;
  readonly run: RunInfo;
  /** One vars file's document, read at once. Throws PlaybookError. */
  readVars(file: string): Value;
  /** Renders the names in vars_files. Throws TemplateError. */
  render(value: Value, scope: Scope): Value;
  warn(message: string): void;
  /** Setting hash_behaviour; default replace. */
  readonly hashBehaviour?: 'replace' | 'merge' | undefined;
  /** Setting inject_facts_as_vars; default true. */
  readonly injectFacts?: boolean | undefined;
  /** Setting private_role_vars; default false. */
  readonly privateRoleVars?: boolean | undefined;
  /** Setting transport; default ssh. */
  readonly connection?: string | undefined;
}

/** Makes the variables of a run. */
export function createVariables(options: VariablesOptions): Variables {
  return new Variables(options);
}

export class Variables {
  readonly #options: VariablesOptions;
  readonly #hosts = new Map<string, HostData>();
  readonly #besideInventory: VarsBeside;
  readonly #besidePlaybook: VarsBeside;
  readonly #varsFiles: VarsFiles;
  readonly #sources: Sources;
  readonly #magic: MagicSources;
  readonly #hostVars: Value;
  #state: PlayState | undefined;
  #roles: readonly Role[] = [];
  #publicRoles: readonly Role[] = [];

  constructor(options: VariablesOptions) {
    this.#options = options;
    const read = (file: string): Value => options.readVars(file);
    this.#besideInventory = new VarsBeside(options.inventory.sources.flatMap(folderOf), read);
    this.#besidePlaybook = new VarsBeside([options.playbookDir], read);
    this.#magic = {
      inventory: options.inventory,
      run: options.run,
      playbookDir: options.playbookDir,
      state: () => this.#state,
      roles: () => this.#roles,
      hostVars: () => this.#hostVars,
      allVars: (place) => this.#asDict({ ...place, executes: false }),
    };
    this.#sources = this.#makeSources();
    this.#varsFiles = new VarsFiles(options, (place) => new LayeredScope(place, this.#sources, false));
    this.#hostVars = new LazyDict(
      (host) => (options.inventory.host(host) ? this.#asDict({ host }, true) : undefined),
      () => options.inventory.hosts().map((host) => host.name),
      { typeName: 'HostVars' },
    );
  }

  /** The variables that a place sees. Making one costs nothing; each name is found when it is asked for. */
  scope(place: Place): Scope {
    return new LayeredScope(
      { play: this.#state?.play, ...place, executes: place.task !== undefined },
      this.#sources,
      this.#options.hashBehaviour === 'merge',
    );
  }

  /** The play that runs, and its hosts. A new play brings in its own roles; facts and set variables stay. */
  setPlay(state: PlayState): void {
    if (this.#state?.play !== state.play) {
      this.#roles = rolesOf(state.play);
      this.#publicRoles = this.#roles.filter((role) => role.public);
      this.#varsFiles.forget();
    }
    this.#state = state;
  }

  /** Reads the files that speak of these hosts, so that a mistake in one is told before any of them is touched. Throws PlaybookError. */
  load(hosts: readonly string[]): void {
    const { inventory } = this.#options;
    for (const name of hosts) {
      for (const files of [this.#besideInventory, this.#besidePlaybook]) {
        files.of('host_vars', name);
        for (const group of ['all', ...inventory.groupsOf(name).map((each) => each.name)])
          files.of('group_vars', group);
      }
    }
  }

  /** What modules returned as `ansible_facts`. */
  setFacts(host: string, facts: JsonObject | ReadonlyMap<Value, Value>): void {
    this.#data(host).addFacts(facts);
  }

  /** The facts of a host as modules gave them (for a fact cache). */
  factsOf(host: string): ReadonlyMap<Value, Value> {
    return this.#data(host).facts;
  }

  /** The dict `ansible_facts`: as gathered, without prefix. */
  facts(host: string): Dict {
    return this.#data(host).ansibleFacts as Dict;
  }

  /** A role that an include_role brought in: if it is public, its defaults and vars become the play's. */
  exposeRole(_host: string, role: Role): void {
    if (this.#roles.includes(role)) return;
    this.#roles = [...this.#roles, role];
    if (role.public) this.#publicRoles = [...this.#publicRoles, role];
  }

  /** meta: clear_facts. */
  clearFacts(host: string): void {
    this.#data(host).clearFacts();
  }

  /** set_fact; `from` tells what was written of each. */
  setNonPersistent(
    host: string,
    vars: ReadonlyMap<Value, Value>,
    from: ReadonlyMap<string, Iterable<Value>> = new Map(),
  ): void {
    const data = this.#data(host);
    for (const [name, value] of vars) {
      data.set.set(name, value);
      data.setFrom.set(String(name), from.get(String(name)) ?? []);
      data.uncertain.delete(String(name));
    }
  }

  /** register. */
  register(host: string, name: string, value: Value): void {
    const data = this.#data(host);
    data.set.set(name, value);
    data.setFrom.delete(name);
    data.uncertain.delete(name);
  }

  /** include_vars. */
  setIncludeVars(host: string, vars: ReadonlyMap<Value, Value>): void {
    const data = this.#data(host);
    for (const [name, value] of vars) data.included.set(name, value);
  }

  /** Variables of add_host: the host's own, as if its inventory line had them. */
  setHostVars(host: string, vars: ReadonlyMap<Value, Value>): void {
    const known = this.#options.inventory.host(host);
    if (known) for (const [name, value] of vars) known.vars.set(name, value);
  }

  /** A registered or set variable whose value a dry run cannot be sure of; a later write makes it certain again. */
  markUncertain(host: string, name: string, certainty: Exclude<Certainty, 'certain'>, reason?: string): void {
    this.#data(host).uncertain.set(name, { certainty, reason });
  }

  /** How sure a host's variable is. */
  certaintyOf(host: string, name: string): Certainty {
    return this.#hosts.get(host)?.uncertain.get(name)?.certainty ?? 'certain';
  }

  /** After the inventory was read again: files beside it are read again too. */
  refresh(): void {
    this.#besideInventory.forget();
    this.#besidePlaybook.forget();
  }

  #data(host: string): HostData {
    let data = this.#hosts.get(host);
    if (!data) {
      data = new HostData();
      this.#hosts.set(host, data);
    }
    return data;
  }

  /** All variables of a place; a host's own, in `hostvars`, see each other whoever reads them. */
  #asDict(place: Place, ofHost = false): Value {
    const scope = new LayeredScope(place, this.#sources, this.#options.hashBehaviour === 'merge');
    return new LazyDict(
      (name) => scope.get(name),
      () => scope.names(),
      ofHost ? { typeName: 'HostVarsVars', scope } : {},
    );
  }

  #makeSources(): Sources {
    const { inventory } = this.#options;
    const groups = (host: string, which: 'all' | 'others'): string[] => {
      const names = inventory.groupsOf(host).map((group) => group.name);
      if (which === 'all') return ['all'];
      return names.filter((name) => name !== 'all');
    };
    const beside = (where: 'inventory' | 'playbook'): VarsBeside =>
      where === 'inventory' ? this.#besideInventory : this.#besidePlaybook;
    return {
      privateRoleVars: this.#options.privateRoleVars ?? false,
      connection: this.#options.connection ?? 'ssh',
      publicRoles: () => this.#publicRoles,
      inventoryGroups: (host, which) => groups(host, which).map((name) => inventory.group(name)?.vars ?? new Map()),
      groupFiles: (host, where, which) => groups(host, which).flatMap((name) => beside(where).of('group_vars', name)),
      inventoryHost: (host) => inventory.host(host)?.vars,
      hostFiles: (host, where) => beside(where).of('host_vars', host),
      facts: (host) => this.#factLayers(host),
      prompted: () => this.#state?.prompted ?? new Map(),
      varsFiles: (place) => this.#varsFiles.of(place),
      includedVars: (host) => this.#data(host).included,
      setVars: (host) => this.#data(host).set,
      setFrom: (host, name) => this.#data(host).setFrom.get(name) ?? [],
      extraVars: () => this.#options.extraVars,
      magic: (place) => magicLayer(place, this.#magic),
    };
  }

  #factLayers(host: string): Layer[] {
    const { facts, ansibleFacts } = this.#data(host);
    const namespaced = new Map<Value, Value>([['ansible_facts', ansibleFacts]]);
    return (this.#options.injectFacts ?? true) ? [facts, namespaced] : [namespaced];
  }
}

/** The folder where a source's group_vars and host_vars would be. */
function folderOf(source: string): string[] {
  if (source.includes(',')) return [];
  return [existsSync(source) && statSync(source).isDirectory() ? source : dirname(source)];
}

/** Roles of a play that are known at load: those of `roles:`, and those of import_role. */
function rolesOf(play: Play): Role[] {
  const roles: Role[] = [];
  const dependencies = new Set<Role>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) if (node.kind === 'block') visitBlock(node);
  };
  const visitBlock = (block: Block): void => {
    if (block.origin === 'role' && block.role) {
      roles.push(block.role);
      for (const dependency of block.role.dependencies) dependencies.add(dependency);
    }
    for (const nodes of [block.body, block.rescue, block.always]) visit(nodes);
  };
  for (const nodes of [play.roles, play.preTasks, play.tasks, play.postTasks, play.handlers]) visit(nodes);
  return roles.filter((role) => !dependencies.has(role));
}
