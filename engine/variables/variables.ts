// The door of this folder: all variables of a run, written by the executor, read through lazy scopes.

import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { TemplateError } from '../model/errors.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Block, Node, Play, Role } from '../model/playbook.ts';
import type { Certainty } from '../model/result.ts';
import { type Dict, type JsonObject, type Scope, Template, type Value } from '../model/value.ts';
import { asVars, VarsBeside } from './beside.ts';
import { HostData } from './hostdata.ts';
import { type MagicSources, magicLayer, type RunInfo } from './magic.ts';
import type { Place, PlayState } from './place.ts';
import type { Layer, Sources } from './precedence.ts';
import { LayeredScope, LazyDict } from './scope.ts';

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
  readonly #varsFiles = new Map<string, Dict>();
  readonly #sources: Sources;
  readonly #magic: MagicSources;
  readonly #hostVars: Value;
  #state: PlayState | undefined;
  #publicRoles: Role[] = [];

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
      publicRoles: () => this.#publicRoles,
      hostVars: () => this.#hostVars,
      allVars: (place) => this.#asDict(place),
    };
    this.#sources = this.#makeSources();
    this.#hostVars = new LazyDict(
      (host) => (options.inventory.host(host) ? this.#asDict({ host }) : undefined),
      () => options.inventory.hosts().map((host) => host.name),
    );
  }

  /** The variables that a place sees. Making one costs nothing; each name is found when it is asked for. */
  scope(place: Place): Scope {
    return new LayeredScope(
      { play: this.#state?.play, ...place },
      this.#sources,
      this.#options.hashBehaviour === 'merge',
    );
  }

  /** The play that runs, and its hosts. A new play brings in its own roles; facts and set variables stay. */
  setPlay(state: PlayState): void {
    if (this.#state?.play !== state.play) {
      this.#publicRoles = publicRolesOf(state.play);
      this.#varsFiles.clear();
    }
    this.#state = state;
  }

  /** A role that an include_role brought in: with `public` its defaults and vars become the play's. */
  addRole(role: Role): void {
    if (role.public) this.#publicRoles.push(role);
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

  /** A role that include_role made public to the tasks that follow. */
  exposeRole(_host: string, role: Role): void {
    this.addRole(role);
  }

  /** meta: clear_facts. */
  clearFacts(host: string): void {
    this.#data(host).clearFacts();
  }

  /** set_fact. */
  setNonPersistent(host: string, vars: ReadonlyMap<Value, Value>): void {
    const data = this.#data(host);
    for (const [name, value] of vars) {
      data.set.set(name, value);
      data.uncertain.delete(String(name));
    }
  }

  /** register. */
  register(host: string, name: string, value: Value): void {
    const data = this.#data(host);
    data.set.set(name, value);
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

  #asDict(place: Place): Value {
    const scope = new LayeredScope(place, this.#sources, this.#options.hashBehaviour === 'merge');
    return new LazyDict(
      (name) => scope.get(name),
      () => scope.names(),
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
      publicRoles: () => this.#publicRoles,
      inventoryGroups: (host, which) => groups(host, which).map((name) => inventory.group(name)?.vars ?? new Map()),
      groupFiles: (host, where, which) => groups(host, which).flatMap((name) => beside(where).of('group_vars', name)),
      inventoryHost: (host) => inventory.host(host)?.vars,
      hostFiles: (host, where) => beside(where).of('host_vars', host),
      facts: (host) => this.#factLayers(host),
      prompted: () => this.#state?.prompted ?? new Map(),
      varsFiles: (place) => this.#filesOf(place),
      includedVars: (host) => this.#hosts.get(host)?.included,
      setVars: (host) => this.#hosts.get(host)?.set,
      extraVars: () => this.#options.extraVars,
      magic: (place) => magicLayer(place, this.#magic),
    };
  }

  #factLayers(host: string): Layer[] {
    const data = this.#hosts.get(host);
    const facts = new Map<Value, Value>([['ansible_facts', data?.ansibleFacts ?? new Map()]]);
    return data && (this.#options.injectFacts ?? true) ? [data.facts, facts] : [facts];
  }

  /** The files that `vars_files` names for a place, the first that is there of each list. */
  #filesOf(place: Place): Layer[] {
    const { play } = place;
    const list = play?.directives['varsFiles']?.value ?? null;
    if (!play || list === null) return [];
    const layers: Layer[] = [];
    for (const item of Array.isArray(list) ? list : [list]) {
      const found = this.#firstFile(Array.isArray(item) ? item : [item], place, layers);
      if (found) layers.push(found);
    }
    return layers;
  }

  #firstFile(choices: readonly Value[], place: Place, before: readonly Layer[]): Dict | undefined {
    for (const choice of choices) {
      const name = this.#fileName(choice, place, before);
      if (name === undefined) return undefined;
      const file = this.#find(name);
      if (file !== undefined) return this.#varsFile(file);
    }
    this.#options.warn(`vars file ${choices.map(String).join(', ')} was not found`);
    return undefined;
  }

  /** A name that needs what is not known yet (facts) is passed over, as Ansible does. */
  #fileName(choice: Value, place: Place, before: readonly Layer[]): string | undefined {
    if (!(choice instanceof Template)) return String(choice);
    const scope = new LayeredScope({ ...place, play: undefined }, this.#sources, false);
    const known = [...before].reverse();
    const around: Scope = {
      get: (name) =>
        this.#options.extraVars.get(name) ??
        known.find((layer) => layer.has(name))?.get(name) ??
        place.play?.vars.get(name) ??
        scope.get(name),
      names: () => scope.names(),
    };
    try {
      return String(this.#options.render(choice, around));
    } catch (error) {
      if (error instanceof TemplateError && error.undefinedName) return undefined;
      throw error;
    }
  }

  #find(name: string): string | undefined {
    const { playbookDir } = this.#options;
    const candidates = isAbsolute(name) ? [name] : [join(playbookDir, 'vars', name), join(playbookDir, name)];
    return candidates.find((path) => existsSync(path) && statSync(path).isFile());
  }

  #varsFile(file: string): Dict {
    let vars = this.#varsFiles.get(file);
    if (!vars) {
      vars = asVars(this.#options.readVars(file), file);
      this.#varsFiles.set(file, vars);
    }
    return vars;
  }
}

/** The folder where a source's group_vars and host_vars would be. */
function folderOf(source: string): string[] {
  if (source.includes(',')) return [];
  return [existsSync(source) && statSync(source).isDirectory() ? source : dirname(source)];
}

/** Roles of a play whose vars are everybody's: those of `roles:`, and those of import_role. */
function publicRolesOf(play: Play): Role[] {
  const roles: Role[] = [];
  const dependencies = new Set<Role>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) if (node.kind === 'block') visitBlock(node);
  };
  const visitBlock = (block: Block): void => {
    if (block.origin === 'role' && block.role?.public) {
      roles.push(block.role);
      for (const dependency of block.role.dependencies) dependencies.add(dependency);
    }
    for (const nodes of [block.body, block.rescue, block.always]) visit(nodes);
  };
  for (const nodes of [play.roles, play.preTasks, play.tasks, play.postTasks, play.handlers]) visit(nodes);
  return roles.filter((role) => !dependencies.has(role));
}
