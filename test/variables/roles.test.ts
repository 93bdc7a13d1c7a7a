// What roles see of each other, and what the play sees of them.

import { afterEach, expect, test } from 'vitest';
import type { Value } from '../../engine/model/value.ts';
import type { VariablesOptions } from '../../engine/variables/variables.ts';
import { begin, type Stage, stage, tasksOf } from './stage.ts';

let on: Stage;
afterEach(() => on.remove());

const FILES = {
  'inv/hosts': 'h\n',
  'book/roles/r/vars/main.yml': 'x: main\n',
  'book/roles/r/defaults/main.yml': 'd: default\n',
  'book/roles/r/meta/main.yml': 'dependencies: [{role: dep, dp: 1}]\n',
  'book/roles/r/tasks/main.yml': '- debug:\n',
  'book/roles/dep/tasks/main.yml': '- debug:\n',
  'book/roles/dep/vars/main.yml': 'dv: of dep\n',
  'book/roles/hidden/vars/main.yml': 'hv: 1\n',
  'book/roles/hidden/tasks/main.yml': '- debug:\n',
};
const PLAY = `- hosts: all
  roles:
  - {role: r, vars: {x: entry, y: entry}, z: param, p: 1}
  tasks:
  - debug:
  - import_role: {name: hidden, public: false}
`;

async function seen(
  options: Partial<VariablesOptions> = {},
): Promise<(where: 'dep' | 'role' | 'play') => (name: string) => Value | undefined> {
  on = await stage({ ...FILES, 'book/play.yml': PLAY }, options);
  const [play] = on.plays;
  begin(on, play!, ['h']);
  const [dep, role] = tasksOf(play!.roles);
  const tasks = { dep: dep!, role: role!, play: tasksOf(play!.tasks)[0]! };
  return (where) => {
    const scope = on.variables.scope({ host: 'h', play: play!, task: tasks[where] });
    return (name) => scope.get(name);
  };
}

// As ansible-core 2.19 answers: the entry's vars are over vars/main in the role, beneath it in its dependencies, and
// only vars/main reaches the play.
test.each([
  ['role', { x: 'entry', y: 'entry', z: 'param', p: 1, d: 'default', dv: 'of dep', dp: undefined, hv: undefined }],
  ['dep', { x: 'main', y: 'entry', z: 'param', p: 1, d: 'default', dv: 'of dep', dp: 1, hv: undefined }],
  [
    'play',
    { x: 'main', y: undefined, z: undefined, p: undefined, d: 'default', dv: 'of dep', dp: undefined, hv: undefined },
  ],
] as const)('seen from the %s', async (where, wanted) => {
  const get = (await seen())(where);
  expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, get(name)]))).toEqual(wanted);
});

test('private_role_vars keeps vars, not defaults, from the play', async () => {
  const get = (await seen({ privateRoleVars: true }))('play');
  expect([get('x'), get('d')]).toEqual([undefined, 'default']);
});

test('an included role gives its vars to the play only if it is public', async () => {
  const see = await seen();
  const load = (isPublic: boolean) =>
    on.loader.role('hidden', {
      position: { file: 'f', line: 1, column: 1 },
      parent: undefined,
      from: undefined,
      playbookDir: `${on.folder}/book`,
      public: isPublic,
    });
  on.variables.exposeRole('h', await load(false));
  expect(see('play')('hv')).toBeUndefined();
  on.variables.exposeRole('h', await load(true));
  expect(see('play')('hv')).toBe(1);
  expect(see('play')('role_names')).toEqual(['r', 'hidden', 'hidden', 'hidden']);
});
