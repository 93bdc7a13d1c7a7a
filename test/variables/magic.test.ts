// Variables that the engine sets, and the lazy dicts among them.

import { afterEach, expect, test } from 'vitest';
import { OMIT, toJson, type Value } from '../../engine/model/value.ts';
import { begin, type Stage, stage, tasksOf } from './stage.ts';

let on: Stage;
afterEach(() => on.remove());

const FILES = {
  'inv/hosts': '[w]\nh1\nh2.dom z=1\n[k]\nh1\n',
  'inv/group_vars/all.yml': 'g: all\n',
  'book/roles/r/tasks/main.yml': '- debug:\n',
  'book/roles/r/meta/main.yml': 'dependencies: [dep]\n',
  'book/roles/dep/tasks/main.yml': '- debug:\n',
  'book/roles/outer/tasks/main.yml': '- import_role: {name: r}\n',
  'book/play.yml':
    '- hosts: w\n  name: named\n  vars: {pv: 1}\n  roles: [r, outer]\n  tasks: [{debug: }]\n- hosts: [h1, w]\n',
};

async function scopes(extra: Readonly<Record<string, Value>> = {}) {
  on = await stage(FILES, { extraVars: new Map(Object.entries(extra)) });
  const [play] = on.plays;
  on.variables.setPlay({
    play: play!,
    hosts: ['h1', 'h2.dom'],
    batch: ['h1'],
    remaining: ['h1', 'h2.dom'],
    prompted: new Map(),
  });
  const roleTasks = tasksOf(play!.roles);
  const at = (host: string, task = tasksOf(play!.tasks)[0]!) => on.variables.scope({ host, play: play!, task });
  return { at, play: play!, roleTasks };
}

test('of host, play and run', async () => {
  const { at } = await scopes();
  const scope = at('h2.dom');
  const values = Object.fromEntries(
    'inventory_hostname inventory_hostname_short group_names play_hosts ansible_play_batch ansible_play_hosts ansible_play_hosts_all ansible_play_name ansible_forks ansible_check_mode ansible_diff_mode ansible_verbosity ansible_run_tags ansible_skip_tags ansible_limit ansible_config_file role_names ansible_dependent_role_names ansible_role_names role_name'
      .split(' ')
      .map((name) => [name, scope.get(name)]),
  );
  expect(values).toEqual({
    inventory_hostname: 'h2.dom',
    inventory_hostname_short: 'h2',
    group_names: ['w'],
    play_hosts: ['h1'],
    ansible_play_batch: ['h1'],
    ansible_play_hosts: ['h1', 'h2.dom'],
    ansible_play_hosts_all: ['h1', 'h2.dom'],
    ansible_play_name: 'named',
    ansible_forks: 5,
    ansible_check_mode: false,
    ansible_diff_mode: false,
    ansible_verbosity: 0,
    ansible_run_tags: ['all'],
    ansible_skip_tags: [],
    ansible_limit: undefined,
    ansible_config_file: null,
    role_names: ['r', 'outer', 'r'],
    ansible_dependent_role_names: ['dep'],
    ansible_role_names: ['r', 'outer', 'dep'],
    role_name: undefined,
  });
  expect(scope.get('inventory_dir')).toBe(`${on.folder}/inv`);
  expect(scope.get('inventory_file')).toBe(`${on.folder}/inv/hosts`);
  expect(scope.get('playbook_dir')).toBe(`${on.folder}/book`);
  expect(scope.get('omit')).toBe(OMIT);
  expect(toJson(scope.get('ansible_version')!)).toEqual({
    string: '2.19.11',
    full: '2.19.11',
    major: 2,
    minor: 19,
    revision: 11,
  });
  expect(toJson(scope.get('groups')!)).toEqual({
    all: ['h1', 'h2.dom'],
    ungrouped: [],
    w: ['h1', 'h2.dom'],
    k: ['h1'],
  });
});

test('of roles, also of roles within roles', async () => {
  const { at, roleTasks } = await scopes();
  const of = (index: number, name: string) => at('h1', roleTasks[index]!).get(name);
  expect([of(0, 'role_name'), of(0, 'ansible_parent_role_names'), of(0, 'role_path')]).toEqual([
    'dep',
    undefined,
    `${on.folder}/book/roles/dep`,
  ]);
  expect([of(3, 'role_name'), of(3, 'ansible_parent_role_names'), of(3, 'ansible_parent_role_paths')]).toEqual([
    'r',
    ['outer'],
    [`${on.folder}/book/roles/outer`],
  ]);
  expect(of(3, 'ansible_search_path')).toEqual(
    ['book/roles/r', 'book/roles/outer', 'book/roles/r/tasks', 'book'].map((path) => `${on.folder}/${path}`),
  );
  expect(of(3, 'ansible_collection_name')).toBeNull();
});

test('nobody can override what the engine sets', async () => {
  const { at } = await scopes({ inventory_hostname: 'mine', groups: 1 });
  expect(at('h1').get('inventory_hostname')).toBe('h1');
});

test('an unnamed play is called by its hosts', async () => {
  await scopes();
  begin(on, on.plays[1]!, ['h1']);
  expect(on.variables.scope({ host: 'h1' }).get('ansible_play_name')).toBe('h1,w');
});

test('hostvars: every host its own view, without the play, read only where asked', async () => {
  const { at } = await scopes({ e: 1 });
  on.variables.register('h2.dom', 'r', 5);
  const hostvars = at('h1').get('hostvars') as Map<Value, Value>;
  expect(hostvars).toBeInstanceOf(Map);
  expect([...hostvars.keys()]).toEqual(['h1', 'h2.dom']);
  expect(hostvars.size).toBe(2);
  expect([hostvars.has('h1'), hostvars.has('nope'), hostvars.has('localhost')]).toEqual([true, false, true]);
  expect(on.reads).toEqual([]);
  const other = hostvars.get('h2.dom') as Map<Value, Value>;
  expect(['z', 'r', 'e', 'g', 'pv', 'inventory_hostname', 'hostvars'].map((name) => other.get(name))).toEqual([
    1,
    5,
    1,
    'all',
    undefined,
    'h2.dom',
    undefined,
  ]);
  expect([...other.keys()]).toContain('z');
});

test('vars is the dict of all that is seen, without the names that only answer', async () => {
  const { at } = await scopes();
  const vars = at('h2.dom').get('vars') as Map<Value, Value>;
  expect([vars.get('z'), vars.get('pv')]).toEqual([1, 1]);
  const names = [...vars.keys()];
  for (const name of ['z', 'pv', 'hostvars', 'groups', 'inventory_hostname', 'g', 'ansible_facts'])
    expect(names).toContain(name);
  for (const name of ['vars', 'omit', 'ansible_search_path', 'role_name']) expect(names).not.toContain(name);
});
