// The one ordered list of precedence. Every variable of every kind is found through it and in no other way: a level
// names its layers, weakest first; a scope asks from the last level up, so nothing is merged and nothing is copied.

import type { Role } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { executionLayer } from './execution.ts';
import { blocksAbove, entryVars, type Place } from './place.ts';

export type Layer = ReadonlyMap<Value, Value>;

/** What the levels draw from. */
export interface Sources {
  /** Roles whose defaults and vars the whole play sees, in the order in which they were loaded. */
  publicRoles(): readonly Role[];
  inventoryGroups(host: string, which: 'all' | 'others'): Iterable<Layer>;
  groupFiles(host: string, beside: 'inventory' | 'playbook', which: 'all' | 'others'): Iterable<Layer>;
  inventoryHost(host: string): Layer | undefined;
  hostFiles(host: string, beside: 'inventory' | 'playbook'): Iterable<Layer>;
  facts(host: string): Iterable<Layer>;
  prompted(): Layer;
  varsFiles(place: Place): Iterable<Layer>;
  includedVars(host: string): Layer;
  setVars(host: string): Layer;
  /** What was written of a variable that was set. */
  setFrom(host: string, name: string): Iterable<Value>;
  extraVars(): Layer;
  magic(place: Place): Layer;
  readonly privateRoleVars: boolean;
  /** The transport where no keyword and no variable names one. */
  readonly connection: string;
}

export interface Level {
  readonly name: string;
  layers(place: Place, sources: Sources): Iterable<Layer>;
  /** What was written of a variable that this level holds; a level without this one holds what was written itself. */
  written?(name: string, place: Place, sources: Sources): Iterable<Value>;
}

const none: readonly Layer[] = [];
const nothing = (): readonly Value[] => [];

/**
 * What only an execution knows, Ansible's levels 2 to 22, weakest first (1 is the command line's own options), then what
 * nobody can override.
 */
export const PRECEDENCE: readonly Level[] = [
  { name: 'execution', layers: (place, s) => executionLayer(place, s) },
  { name: 'role defaults', layers: (place, sources) => defaults(place, sources) },
  { name: 'inventory group all', layers: ({ host }, s) => (host ? s.inventoryGroups(host, 'all') : none) },
  { name: 'inventory groups', layers: ({ host }, s) => (host ? s.inventoryGroups(host, 'others') : none) },
  { name: 'inventory group_vars/all', layers: ({ host }, s) => (host ? s.groupFiles(host, 'inventory', 'all') : none) },
  { name: 'playbook group_vars/all', layers: ({ host }, s) => (host ? s.groupFiles(host, 'playbook', 'all') : none) },
  { name: 'inventory group_vars', layers: ({ host }, s) => (host ? s.groupFiles(host, 'inventory', 'others') : none) },
  { name: 'playbook group_vars', layers: ({ host }, s) => (host ? s.groupFiles(host, 'playbook', 'others') : none) },
  { name: 'inventory host', layers: ({ host }, s) => one(host ? s.inventoryHost(host) : undefined) },
  { name: 'inventory host_vars', layers: ({ host }, s) => (host ? s.hostFiles(host, 'inventory') : none) },
  { name: 'playbook host_vars', layers: ({ host }, s) => (host ? s.hostFiles(host, 'playbook') : none) },
  { name: 'facts', layers: ({ host }, s) => (host ? s.facts(host) : none), written: nothing },
  { name: 'play vars', layers: ({ play }) => one(play?.vars) },
  { name: 'vars_prompt', layers: ({ play }, s) => (play ? [s.prompted()] : none), written: nothing },
  { name: 'vars_files', layers: (place, s) => (place.play ? s.varsFiles(place) : none) },
  { name: 'role vars', layers: (place, sources) => roleVars(place, sources) },
  { name: 'block vars', layers: ({ task }) => blockVars(task) },
  { name: 'task vars', layers: ({ task }) => one(task?.kind === 'task' ? task.vars : undefined) },
  { name: 'include_vars', layers: ({ host }, s) => (host ? [s.includedVars(host)] : none) },
  {
    name: 'set_fact and register',
    layers: ({ host }, s) => (host ? [s.setVars(host)] : none),
    written: (name, { host }, s) => (host ? s.setFrom(host, name) : []),
  },
  {
    name: 'role params',
    layers: ({ task }) => [...(task?.role?.chain ?? []), ...opt(task?.role)].map((role) => role.params),
  },
  {
    name: 'include params',
    layers: ({ task }) =>
      blocksAbove(task)
        .filter((block) => block.origin === 'include')
        .map((block) => block.vars),
  },
  { name: 'extra vars', layers: (_, sources) => [sources.extraVars()] },
  { name: 'magic variables', layers: (place, sources) => [sources.magic(place)], written: nothing },
  { name: 'loop variables', layers: ({ extra }) => one(extra), written: itemFrom },
];

/** An item was written where its loop was. */
function itemFrom(name: string, { task, extra }: Place): Value[] {
  const loop = task?.kind === 'task' ? task.loop : undefined;
  return loop !== undefined && extra?.get('ansible_loop_var') === name ? [loop.items.value] : [];
}

function one(layer: Layer | undefined): readonly Layer[] {
  return layer ? [layer] : none;
}

function opt<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** Defaults of the play's roles, then those of the roles above the task's, of its dependencies, its own. */
function defaults({ play, task }: Place, sources: Sources): Layer[] {
  const layers: Layer[] = [];
  if (play) for (const role of sources.publicRoles()) layers.push(...withDependencies(role, (one_) => one_.defaults));
  if (task?.role) {
    layers.push(...task.role.chain.map((role) => role.defaults));
    layers.push(...withDependencies(task.role, (role) => role.defaults));
  }
  return layers;
}

/** Vars of the play's roles, then what the task's role inherits, what its dependencies export, its own, and its entry's. */
function roleVars({ play, task }: Place, sources: Sources): Layer[] {
  const layers: Layer[] = [];
  if (play && !sources.privateRoleVars)
    for (const role of sources.publicRoles()) layers.push(...withDependencies(role, (one_) => one_.vars));
  const role = task?.role;
  if (!role) return layers;
  for (const above of role.chain) layers.push(entryVars(above), above.vars);
  layers.push(...withDependencies(role, (one_) => one_.vars), entryVars(role));
  return layers;
}

function withDependencies(role: Role, part: (role: Role) => Layer): Layer[] {
  return [...role.dependencies.flatMap((dependency) => withDependencies(dependency, part)), part(role)];
}

/** Vars of blocks and imports, outer first; those of includes are params and of roles their own level. */
function blockVars(task: Place['task']): Layer[] {
  return blocksAbove(task)
    .filter((block) => block.origin !== 'include' && block.origin !== 'role')
    .map((block) => block.vars);
}
