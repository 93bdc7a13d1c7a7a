// The same variable at every level there is, peeled off one by one: what is beneath is what Ansible's list says.

import { expect, test } from 'vitest';
import type { Block } from '../../engine/model/playbook.ts';
import type { Value } from '../../engine/model/value.ts';
import { PRECEDENCE } from '../../engine/variables/precedence.ts';
import { begin, stage, tasksOf } from './stage.ts';

/** Every level that people can set; what the engine knows of an execution and magic variables cannot be set. */
const LEVELS = PRECEDENCE.map((level) => level.name).filter(
  (name) => name !== 'execution' && name !== 'magic variables',
);

async function ask(present: ReadonlySet<string>, merge = false): Promise<Value | undefined> {
  const value = (level: string): string =>
    merge ? `{common: ${level.replaceAll(' ', '-')}, ${level.replaceAll(/\W/g, '_')}: 1}` : `'${level}'`;
  const has = (level: string, text: (value: string) => string): string =>
    present.has(level) ? text(value(level)) : '';
  const vars = (level: string): string => has(level, (it) => `x: ${it}\n`);
  const ini = (level: string): string => has(level, (it) => `x=${it}\n`);
  const dict = (level: string): Map<Value, Value> => (present.has(level) ? new Map([['x', level]]) : new Map());
  const on = await stage(
    {
      'inv/hosts': `[g]\nh ${ini('inventory host')}\n[all:vars]\n${ini('inventory group all')}[g:vars]\n${ini('inventory groups')}`,
      'inv/group_vars/all.yml': vars('inventory group_vars/all'),
      'inv/group_vars/g/vars.yml': vars('inventory group_vars'),
      'inv/host_vars/h.json': vars('inventory host_vars'),
      'book/group_vars/all/a': vars('playbook group_vars/all'),
      'book/group_vars/g': vars('playbook group_vars'),
      'book/host_vars/h.yaml': vars('playbook host_vars'),
      'book/vars/file.yml': vars('vars_files'),
      'book/roles/r/defaults/main.yml': vars('role defaults'),
      'book/roles/r/vars/main.yml': vars('role vars'),
      'book/roles/r/tasks/main.yml': `- block:\n  - debug:\n    vars: {${has('task vars', (it) => `x: ${it}`)}}\n  vars: {${has('block vars', (it) => `x: ${it}`)}}\n`,
      'book/play.yml': `- hosts: all\n  vars: {${has('play vars', (it) => `x: ${it}`)}}\n  vars_files: [file.yml]\n  roles:\n  - {role: r${has('role params', (it) => `, x: ${it}`)}}\n`,
    },
    { extraVars: dict('extra vars'), hashBehaviour: merge ? 'merge' : 'replace' },
  );
  try {
    const [play] = on.plays;
    begin(on, play!, ['h'], dict('vars_prompt'));
    on.variables.setFacts('h', dict('facts'));
    on.variables.setIncludeVars('h', dict('include_vars'));
    on.variables.setNonPersistent('h', dict('set_fact and register'));
    const [task] = tasksOf(play!.roles);
    const include: Block = { ...task!.parent!, origin: 'include', vars: dict('include params'), parent: task!.parent };
    const scope = on.variables.scope({
      host: 'h',
      play: play!,
      task: { ...task!, parent: include },
      extra: dict('loop variables'),
    });
    return scope.get('x');
  } finally {
    on.remove();
  }
}

test('there are the 21 levels above the command line, groups of an inventory file as two, and that of loops', () => {
  expect(LEVELS).toHaveLength(21 + 1 + 1);
});

test('each level is over all beneath it', async () => {
  const present = new Set(LEVELS);
  for (const level of [...LEVELS].reverse()) {
    expect(await ask(present)).toBe(level);
    present.delete(level);
  }
  expect(await ask(present)).toBeUndefined();
});

test('hash_behaviour merge lays dicts of all levels over each other', async () => {
  const present = new Set(['role defaults', 'inventory group_vars/all', 'play vars', 'role params']);
  const merged = (await ask(present, true)) as Map<Value, Value>;
  expect(Object.fromEntries(merged)).toEqual({
    common: 'role-params',
    role_defaults: 1,
    inventory_group_vars_all: 1,
    play_vars: 1,
    role_params: 1,
  });
});
