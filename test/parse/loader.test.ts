// Playbooks as trees: roles, imports, includes and blocks, with what a reader of the tree relies on.

import { expect, test } from 'vitest';
import type { Block, Node, Play, Task } from '../../engine/model/playbook.ts';
import { Template, Unsafe, type Value } from '../../engine/model/value.ts';
import { memoryLoader } from './memory.ts';

const load = async (files: Readonly<Record<string, string>>, options = {}): Promise<Play[]> =>
  memoryLoader(files, options).loader.playbook('/p/play.yml');

const tasksOf = (nodes: readonly Node[]): Task[] =>
  nodes.flatMap((node) => (node.kind === 'task' ? [node] : tasksOf([...node.body, ...node.rescue, ...node.always])));
const nameOf = (task: Task): string =>
  `${task.role ? `${task.role.name} : ` : ''}${String(task.name?.value ?? task.action)}`;
const plain = (value: Value): unknown => (value instanceof Map ? Object.fromEntries(value) : value);

async function taskOf(text: string): Promise<Task> {
  const [play] = await load({ '/p/play.yml': `- hosts: all\n  tasks:\n  - ${text}\n` });
  return tasksOf(play!.tasks)[0]!;
}

const at = (line: number, column: number) => ({ file: '/p/play.yml', line, column });

// Written, action, arguments, free form.
const WRITTEN: readonly [string, string, unknown, Value | undefined][] = [
  ['debug: {msg: a}', 'debug', { msg: 'a' }, undefined],
  ['debug: msg=a verbosity=1', 'debug', { msg: 'a', verbosity: '1' }, undefined],
  ['debug:', 'debug', {}, undefined],
  ['command: echo a creates=/x', 'command', { creates: '/x' }, 'echo a'],
  ['ansible.builtin.command: echo a creates=/x', 'ansible.builtin.command', { creates: '/x' }, 'echo a'],
  ['command: {_raw_params: echo a}', 'command', {}, 'echo a'],
  ['meta: flush_handlers', 'meta', {}, 'flush_handlers'],
  ['ping: foo', 'ping', {}, 'foo'],
  ['shell: "{{ x }}"', 'shell', {}, new Template('{{ x }}', at(3, 12))],
  ['shell: !unsafe "{{ x }}"', 'shell', {}, new Unsafe('{{ x }}', at(3, 20))],
  ['debug: "{{ x }}"', 'debug', new Template('{{ x }}', at(3, 12)), undefined],
  ['debug:\n    args: "{{ x }}"', 'debug', new Template('{{ x }}', at(4, 11)), undefined],
  ['debug: msg=a\n    args: {msg: b, verbosity: 2}', 'debug', { msg: 'a', verbosity: 2 }, undefined],
  [
    'debug: msg=a\n    args: "{{ x }}"',
    'debug',
    { _variable_params: new Template('{{ x }}', at(4, 11)), msg: 'a' },
    undefined,
  ],
  ['action: debug msg=a', 'debug', { msg: 'a' }, undefined],
  ['action: {module: debug, msg: a}', 'debug', { msg: 'a' }, undefined],
  ['action: {module: debug msg=a}', 'debug', { msg: 'a' }, undefined],
  ['action: command echo "a b" creates=/x', 'command', { creates: '/x' }, 'echo "a b"'],
  ['action: "{{ m }} msg=a"', '{{ m }}', { msg: 'a' }, undefined],
  ['include_tasks: a.yml', 'include_tasks', { file: 'a.yml' }, undefined],
  ['include_tasks: {file: a.yml, apply: {}}', 'include_tasks', { file: 'a.yml', apply: new Map() }, undefined],
  ['include_role: {role: r}', 'include_role', { name: 'r' }, undefined],
];

test.each(WRITTEN)('%j', async (text, action, args, freeForm) => {
  const task = await taskOf(text);
  expect(task.action).toBe(action);
  expect(plain(task.args as Value)).toEqual(args);
  expect(task.freeForm).toEqual(freeForm);
});

test('local_action is delegate_to localhost', async () => {
  const task = await taskOf('local_action: command echo hi');
  expect(task.action).toBe('command');
  expect(task.directives['delegateTo']?.value).toBe('localhost');
});

test('directives keep raw values and places under the names of the model; tags are cut at commas', async () => {
  const task = await taskOf('debug:\n    become_user: "{{ u }}"\n    tags: [a, "b, c", "{{ t }},d"]\n    when: x == 1');
  expect(Object.keys(task.directives).sort()).toEqual(['becomeUser', 'tags', 'when']);
  expect(task.directives['when']).toEqual({ value: 'x == 1', position: at(6, 11) });
  expect((task.directives['tags']!.value as Value[]).map(String)).toEqual(['a', 'b', 'c', '{{ t }}', 'd']);
});

test('loops', async () => {
  const items = await taskOf('debug:\n    with_items: [1]\n    loop_control: {loop_var: i}');
  expect(items.loop).toMatchObject({ lookup: 'items', items: { value: [1] } });
  expect(items.loop?.control.get('loop_var')).toBe('i');
  expect((await taskOf('debug:\n    loop: "{{ l }}"')).loop).toMatchObject({ lookup: undefined });
  expect((await taskOf('debug:')).loop).toBeUndefined();
});

const ROLE_FILES = {
  '/p/roles/a/tasks/main.yml': '- name: in a\n  debug:\n- import_tasks: more.yml\n',
  '/p/roles/a/tasks/more.yml': '- debug:\n  tags: more\n',
  '/p/roles/a/meta/main.yml': 'dependencies:\n- {role: b, bp: 1, tags: bt}\n- c\n',
  '/p/roles/a/defaults/main.yml': 'd: 1\n',
  '/p/roles/a/vars/main/1.yml': 'v: 1\nw: 1\n',
  '/p/roles/a/vars/main/2.yml': 'v: 2\n',
  '/p/roles/a/handlers/main.yml': '- name: ha\n  debug:\n',
  '/p/roles/b/tasks/main.yml': '- debug:\n',
  '/p/roles/c/tasks/main.yaml': '- debug:\n',
  '/p/roles/c/tasks/alt.yml': '- name: alt\n  debug:\n',
  '/p/roles/c/vars/other.yml': 'cv: 1\n',
};

test('a role comes after its dependencies, with parameters, keywords and vars apart', async () => {
  const [play] = await load({
    ...ROLE_FILES,
    '/p/play.yml': '- hosts: all\n  roles:\n  - {role: a, tags: t, p: 1, vars: {x: 1}, become: true}\n',
  });
  expect(play!.roles.map((block) => block.role?.name)).toEqual(['b', 'c', 'a']);
  const block = play!.roles[2]!;
  const role = block.role!;
  expect(Object.fromEntries(role.params)).toEqual({ p: 1 });
  expect(Object.fromEntries(block.vars)).toEqual({ x: 1 });
  expect(Object.keys(block.directives).sort()).toEqual(['become', 'tags']);
  expect(Object.fromEntries(role.vars)).toEqual({ v: 2, w: 1 });
  expect(Object.fromEntries(role.defaults)).toEqual({ d: 1 });
  expect(role.handlers.map((node) => (node as Task).handler)).toEqual([true]);
  expect(role.dependencies.map((dependency) => dependency.name)).toEqual(['b', 'c']);
  expect(Object.fromEntries(role.dependencies[0]!.params)).toEqual({ bp: 1 });
  expect(role.dependencies[0]!.chain.map((above) => above.name)).toEqual(['a']);
  expect(role.dependencies[0]!.parents).toEqual([]);
  expect(tasksOf(play!.roles).map(nameOf)).toEqual(['b : debug', 'c : debug', 'a : in a', 'a : debug']);
  expect(tasksOf([block])[1]!.parent).toMatchObject({
    origin: 'import_tasks',
    file: '/p/roles/a/tasks/more.yml',
    parent: { origin: 'role' },
  });
});

test('equal uses of a role have one identity, different ones have not', async () => {
  const [play] = await load({
    '/p/roles/r/tasks/main.yml': '- debug:\n',
    '/p/play.yml': '- hosts: all\n  roles: [r, {role: r}, {role: r, p: 1}, {role: r, when: x}, {role: r, tags: t}]\n',
  });
  const [first, second, ...others] = play!.roles.map((block) => block.role!.identity);
  expect(second).toBe(first);
  expect(new Set([first, ...others]).size).toBe(4);
});

test('what is said of a role is said of those it depends on', async () => {
  const { loader } = memoryLoader({
    '/p/play.yml': '- hosts: all\n  roles: [{role: r, tags: t, when: no}]\n',
    '/p/roles/r/meta/main.yml': 'dependencies: [q]\n',
    '/p/roles/q/tasks/main.yml': '- debug: {msg: q}\n',
  });
  const [play] = await loader.playbook('/p/play.yml');
  const [dependency] = play!.roles;
  expect(dependency!.role!.name).toBe('q');
  expect(dependency!.parent!.directives['tags']!.value).toEqual(['t']);
  expect(dependency!.parent!.directives['when']!.value).toBe(false);
});

test('a role may import another entry point of itself, also by way of a role', async () => {
  const { loader } = memoryLoader({
    '/p/play.yml': '- hosts: all\n  roles: [r]\n',
    '/p/roles/r/tasks/main.yml': '- import_role: {name: r, tasks_from: other}\n- import_role: {name: q}\n',
    '/p/roles/r/tasks/other.yml': '- debug: {msg: other}\n',
    '/p/roles/q/tasks/main.yml': '- import_role: {name: r, tasks_from: other}\n',
  });
  const [play] = await loader.playbook('/p/play.yml');
  expect(JSON.stringify(play!.roles.map((block) => block.body.length))).toBe('[2]');
});

test('import_role is a block with its entry points; include_role and roles load the same way at run time', async () => {
  const { loader } = memoryLoader({
    ...ROLE_FILES,
    '/p/play.yml':
      '- hosts: all\n  tasks:\n  - import_role: {name: c, tasks_from: alt, vars_from: other}\n    tags: ir\n    vars: {x: 1}\n    register: gone\n',
  });
  const [play] = await loader.playbook('/p/play.yml');
  const block = play!.tasks[0] as Block;
  expect(block.origin).toBe('import_role');
  expect(Object.keys(block.directives)).toEqual(['tags']);
  expect(Object.fromEntries(block.vars)).toEqual({ x: 1 });
  const inner = block.body[0] as Block;
  expect(inner).toMatchObject({ origin: 'role', parent: block });
  expect(inner.role).toMatchObject({ name: 'c', entryPoint: 'alt', allowDuplicates: true });
  expect(Object.fromEntries(inner.role!.vars)).toEqual({ cv: 1 });
  const role = await loader.role('a', { position: at(1, 1), parent: undefined, from: inner.role, playbookDir: '/p' });
  expect(role.blocks.map((one) => one.role?.name)).toEqual(['b', 'c', 'a']);
  expect(role.parents).toEqual(['c']);
});

test('an argument specification becomes the first task of its role', async () => {
  const [play] = await load({
    ...ROLE_FILES,
    '/p/roles/c/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    short_description: A role\n    options: {p: {type: str}}\n  alt: {options: {}}\n',
    '/p/play.yml':
      '- hosts: all\n  roles: [{role: c, p: 1}]\n  tasks:\n  - import_role: {name: c, tasks_from: alt.yml}\n  - import_role: {name: c, rolespec_validate: false}\n',
  });
  const [first] = tasksOf(play!.roles);
  expect(first).toMatchObject({
    action: 'ansible.builtin.validate_argument_spec',
    name: { value: "Validating arguments against arg spec 'main' - A role" },
    directives: { tags: { value: ['always'] } },
  });
  const args = first!.args as Map<string, Value>;
  expect(plain(args.get('validate_args_context')!)).toEqual({
    type: 'role',
    name: 'c',
    argument_spec_name: 'main',
    path: '/p/roles/c',
  });
  expect([...args.keys()]).toEqual(['argument_spec', 'provided_arguments', 'validate_args_context']);
  expect(tasksOf(play!.tasks).map((task) => String(task.name?.value ?? task.action))).toEqual([
    "Validating arguments against arg spec 'alt'",
    'alt',
    'debug',
  ]);
});

test('imported playbooks: vars beneath the plays own, conditions and tags on every play, names rendered', async () => {
  const plays = await load({
    '/p/play.yml':
      '- import_playbook: sub/{{ n }}.yml\n  vars: {n: q, x: 1, y: 1}\n  when: cond\n  tags: it\n- hosts: b\n',
    '/p/sub/q.yml': '- hosts: a\n  tags: own\n  vars: {x: 2}\n  tasks:\n  - import_tasks: t.yml\n',
    '/p/sub/t.yml': '- debug:\n',
  });
  expect(plays.map((play) => play.hosts.value)).toEqual(['a', 'b']);
  expect(Object.fromEntries(plays[0]!.vars)).toEqual({ n: 'q', x: 2, y: 1 });
  expect(plays[0]!.conditions.map((condition) => condition.value)).toEqual(['cond']);
  expect(plays[0]!.directives['tags']?.value).toEqual(['it', 'own']);
  expect(plays[0]!.file).toBe('/p/sub/q.yml');
});

test('roles and playbooks of collections, and short names through `collections:`', async () => {
  const { loader } = memoryLoader({
    '/collections/ansible_collections/ns/col/roles/r/tasks/main.yml': '- debug:\n',
    '/collections/ansible_collections/ns/col/roles/r/meta/main.yml': 'dependencies: [s]\n',
    '/collections/ansible_collections/ns/col/roles/s/tasks/main.yml': '- debug:\n',
    '/collections/ansible_collections/ns/col/playbooks/play.yml': '- hosts: all\n  roles: [ns.col.r]\n',
    '/p/play.yml': '- import_playbook: ns.col.play\n- hosts: all\n  collections: [ns.col]\n  roles: [r]\n',
  });
  const plays = await loader.playbook('/p/play.yml');
  for (const play of plays) expect(play.roles.map((block) => block.role?.name)).toEqual(['ns.col.s', 'ns.col.r']);
  expect(plays[0]!.roles[1]!.role).toMatchObject({ collection: 'ns.col', chain: [] });
  expect((await loader.playbook('ns.col.play'))[0]!.file).toBe(
    '/collections/ansible_collections/ns/col/playbooks/play.yml',
  );
});

test('imports find their files beside the file, in the role, beside the playbook; vars_files and vars name them', async () => {
  const [play] = await load({
    '/p/play.yml':
      '- hosts: all\n  vars: {one: t1}\n  vars_files: [vf.yml, "{{ unknown }}.yml"]\n  tasks:\n  - import_tasks: sub/{{ one }}.yml\n  - import_tasks: "{{ two }}.yml"\n    vars: {two: t2}\n  - import_tasks: "{{ three }}.yml"\n',
    '/p/vf.yml': 'three: t2\n',
    '/p/sub/t1.yml': '- import_tasks: near.yml\n- import_tasks: t2.yml\n',
    '/p/sub/near.yml': '- name: near\n  debug:\n',
    '/p/t2.yml': '- name: far\n  debug:\n',
  });
  expect(tasksOf(play!.tasks).map(nameOf)).toEqual(['near', 'far', 'far', 'far']);
});

test('tasks for include_tasks hang beneath the block that asks, with its role', async () => {
  const { loader } = memoryLoader({
    ...ROLE_FILES,
    '/p/play.yml': '- hosts: all\n  roles: [a]\n',
  });
  const [play] = await loader.playbook('/p/play.yml');
  const block = play!.roles[2]!;
  const nodes = await loader.tasks('more.yml', { role: block.role, parent: block, handler: false });
  expect(nodes).toMatchObject([
    { kind: 'task', action: 'debug', parent: block, role: block.role, file: '/p/roles/a/tasks/more.yml' },
  ]);
});

test('vars files: a file, a folder, an empty file; what is no dict is refused', async () => {
  const { loader } = memoryLoader({
    '/v/a.yml': 'a: 1\nb: 1\n',
    '/v/b.yaml': 'b: 2\n',
    '/v/c.txt': 'no',
    '/v/.d.yml': 'x: 1',
    '/e.yml': '',
    '/l.yml': '[1]',
  });
  expect(plain(await loader.vars('/v'))).toEqual({ a: 1, b: 2 });
  expect(plain(await loader.vars('/e.yml'))).toEqual({});
  await expect(loader.vars('/l.yml')).rejects.toThrow('must hold a dictionary of variables');
});

test('blocks nest, with parents and sections', async () => {
  const [play] = await load({
    '/p/play.yml':
      '- hosts: all\n  tasks:\n  - name: outer\n    block:\n    - block: [{debug: }]\n      vars: {x: 1}\n    rescue: [{ping: }]\n    always: [{debug: }, null]\n    when: c\n',
  });
  const outer = play!.tasks[0] as Block;
  expect(outer).toMatchObject({ kind: 'block', origin: 'block', name: { value: 'outer' }, parent: undefined });
  expect([outer.body.length, outer.rescue.length, outer.always.length]).toEqual([1, 1, 1]);
  const inner = outer.body[0] as Block;
  expect(inner.parent).toBe(outer);
  expect(inner.body[0]!.parent).toBe(inner);
});

test('handlers know that they are, listen included', async () => {
  const [play] = await load({
    '/p/play.yml': '- hosts: all\n  handlers:\n  - {name: h, debug: , listen: [a, b]}\n  - include_tasks: x.yml\n',
  });
  expect(play!.handlers).toMatchObject([
    { handler: true, directives: { listen: { value: ['a', 'b'] } } },
    { handler: true, action: 'include_tasks' },
  ]);
});
