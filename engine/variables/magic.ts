// Variables that the engine itself sets: names of hosts, groups, roles and of the run. Each is computed when asked for.

import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import type { Role } from '../model/playbook.ts';
import { OMIT, type Value } from '../model/value.ts';
import type { Place, PlayState } from './place.ts';
import type { Layer } from './precedence.ts';
import { LazyDict } from './scope.ts';

/** Facts of the run that variables tell of. */
export interface RunInfo {
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly forks: number;
  readonly verbosity: number;
  readonly runTags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit?: string | undefined;
  readonly configFile?: string | undefined;
  /** What `ansible_playbook_python` says; there is no Python within, so a path where one would be. */
  readonly python?: string | undefined;
}

/** What magic variables are made from. */
export interface MagicSources {
  readonly inventory: Inventory;
  readonly run: RunInfo;
  readonly playbookDir: string;
  state(): PlayState | undefined;
  /** All roles of the play so far, also those that keep their vars to themselves. */
  roles(): readonly Role[];
  hostVars(): Value;
  /** The dict of all variables at a place. */
  allVars(place: Place): Value;
}

type Magic = (place: Place, from: MagicSources) => Value | undefined;

/** The version of ansible-core that playbooks see. */
export const ANSIBLE_VERSION = { major: 2, minor: 19, revision: 11 } as const;

const version = (): Value => {
  const { major, minor, revision } = ANSIBLE_VERSION;
  const text = `${major}.${minor}.${revision}`;
  return new Map<Value, Value>([
    ['string', text],
    ['full', text],
    ['major', major],
    ['minor', minor],
    ['revision', revision],
  ]);
};

const ofPlay =
  (value: (state: PlayState, from: MagicSources) => Value): Magic =>
  ({ play }, from) => {
    const state = from.state();
    return play && state ? value(state, from) : undefined;
  };

const ofRole =
  (value: (role: Role) => Value | undefined): Magic =>
  ({ task }) =>
    task?.role ? value(task.role) : undefined;

const RUN: Readonly<Record<string, Magic>> = {
  ansible_check_mode: (_, { run }) => run.checkMode,
  ansible_diff_mode: (_, { run }) => run.diffMode,
  ansible_forks: (_, { run }) => run.forks,
  ansible_verbosity: (_, { run }) => run.verbosity,
  ansible_run_tags: (_, { run }) => [...run.runTags],
  ansible_skip_tags: (_, { run }) => [...run.skipTags],
  ansible_limit: (_, { run }) => run.limit,
  ansible_config_file: (_, { run }) => run.configFile ?? null,
  ansible_playbook_python: (_, { run }) => run.python ?? '/usr/bin/python3',
  ansible_inventory_sources: (_, { inventory }) => [...inventory.sources],
  ansible_version: version,
  playbook_dir: (_, { playbookDir }) => playbookDir,
  omit: () => OMIT,
};

const HOST: Readonly<Record<string, Magic>> = {
  inventory_hostname: ({ host }) => host,
  inventory_hostname_short: ({ host }) => host?.split('.')[0],
  inventory_file: ({ host }, { inventory }) => (host === undefined ? undefined : inventory.sourceOf(host)),
  inventory_dir: ({ host }, { inventory }) => {
    const file = host === undefined ? undefined : inventory.sourceOf(host);
    if (file === undefined) return undefined;
    // A list of names stands in no folder: Ansible has the word.
    return file.includes(',') ? 'None' : dirname(file);
  },
  group_names: ({ host }, { inventory }) =>
    host === undefined
      ? undefined
      : inventory
          .groupsOf(host)
          .map((group) => group.name)
          .filter((name) => name !== 'all')
          .sort(),
  groups: (_, { inventory }) =>
    new LazyDict(
      (name) => (inventory.group(name) ? [...inventory.hostsOf(name)] : undefined),
      () => inventory.groups().map((group) => group.name),
    ),
};

const PLAY: Readonly<Record<string, Magic>> = {
  hostvars: ({ play }, from) => (play ? from.hostVars() : undefined),
  vars: (place, from) => (place.play ? from.allVars(place) : undefined),
  play_hosts: ofPlay((state) => [...state.batch]),
  ansible_play_batch: ofPlay((state) => [...state.batch]),
  ansible_play_hosts: ofPlay((state) => [...state.remaining]),
  ansible_play_hosts_all: ofPlay((state) => [...state.hosts]),
  ansible_play_name: ofPlay((state) => state.play.name?.value ?? hostsText(state.play.hosts.value)),
  role_names: ofPlay((_, from) => from.roles().map((role) => role.name)),
  ansible_play_role_names: ofPlay((_, from) => from.roles().map((role) => role.name)),
  ansible_dependent_role_names: ofPlay((_, from) => dependentNames(from)),
  ansible_role_names: ofPlay((_, from) => [
    ...new Set([...from.roles().map((role) => role.name), ...dependentNames(from)]),
  ]),
};

const ROLE: Readonly<Record<string, Magic>> = {
  role_name: ofRole((role) => role.name),
  ansible_role_name: ofRole((role) => role.name),
  role_path: ofRole((role) => role.path),
  role_uuid: ofRole((role) => createHash('sha1').update(role.identity).digest('hex')),
  ansible_collection_name: ofRole((role) => role.collection || null),
  ansible_parent_role_names: ofRole((role) => (role.parents.length > 0 ? [...role.parents] : undefined)),
  ansible_parent_role_paths: ofRole((role) =>
    role.parents.length > 0
      ? role.chain
          .slice(-role.parents.length)
          .map((parent) => parent.path)
          .reverse()
      : undefined,
  ),
  ansible_search_path: ({ task }, { playbookDir }) => (task ? searchPath(task, playbookDir) : undefined),
};

const MAGIC: ReadonlyMap<string, Magic> = new Map([RUN, HOST, PLAY, ROLE].flatMap((group) => Object.entries(group)));

/** Answered, but not among the names of `vars`. */
const UNLISTED = new Set(['omit', 'vars', 'ansible_search_path']);

/** Names of all variables that the engine sets: playbooks should not use them for their own. */
export const MAGIC_NAMES: readonly string[] = [...MAGIC.keys()];

/** The magic variables of a place. */
export function magicLayer(place: Place, from: MagicSources): Layer {
  return new LazyDict(
    (name) => MAGIC.get(name)?.(place, from),
    () =>
      [...MAGIC]
        .filter(([name, magic]) => !UNLISTED.has(name) && magic(place, from) !== undefined)
        .map(([name]) => name),
  );
}

/** Folders in which relative names of files are searched: roles from the inside out, the task's folder, the playbook's. */
export function searchPath(task: NonNullable<Place['task']>, playbookDir: string): string[] {
  const roles = task.role ? [task.role, ...[...task.role.chain].reverse()] : [];
  return [...new Set([...roles.map((role) => role.path), dirname(task.file), playbookDir])];
}

function dependentNames(from: MagicSources): string[] {
  const names = new Set<string>();
  const visit = (role: Role): void => {
    for (const dependency of role.dependencies) {
      names.add(dependency.name);
      visit(dependency);
    }
  };
  for (const role of from.roles()) visit(role);
  return [...names];
}

function hostsText(hosts: Value): Value {
  return Array.isArray(hosts) ? hosts.join(',') : hosts;
}
