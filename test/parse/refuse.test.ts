// What is refused at load, with the exit code that ansible-core 2.19 gives (recorded by running it), and where.

import { expect, test } from 'vitest';
import { PlaybookError } from '../../engine/model/errors.ts';
import { memoryLoader } from './memory.ts';

const FILES = {
  '/p/inc.yml': '- debug:\n',
  '/p/self.yml': '- import_tasks: self.yml\n',
  '/p/roles/r/tasks/main.yml': '- debug:\n',
  '/p/roles/loop/meta/main.yml': 'dependencies: [loop]\n',
};

async function fail(text: string): Promise<PlaybookError | undefined> {
  const { loader } = memoryLoader({ ...FILES, '/p/play.yml': text });
  try {
    await loader.playbook('/p/play.yml');
    return undefined;
  } catch (error) {
    if (error instanceof PlaybookError) return error;
    throw error;
  }
}

// In one task beside `debug:` at line 4: keyword, exit code, message, line, column.
const OF_TASKS: readonly [string, number, string, number, number][] = [
  ['tags: {a: 1}', 1, 'tags must be specified as a list', 4, 11],
  ['tags: null', 1, 'tags must be specified as a list', 4, 11],
  ['name: [a]', 4, "The field 'name' is supposed to be a string type", 4, 11],
  ['delegate_to: [a]', 4, "The field 'delegate_to' is supposed to be a string type", 4, 18],
  ['register: 1a', 4, "Invalid variable name '1a'.", 4, 15],
  ['register: [a]', 4, "Invalid 'register' specified", 4, 15],
  ['register: "{{ x }}"', 4, "Invalid variable name '{{ x }}'.", 4, 15],
  ['register: None', 4, "Invalid variable name 'None'.", 4, 15],
  ['loop_control: foo', 4, 'the `loop_control` value must be specified as a dictionary', 4, 19],
  ['loop_control: null', 4, 'the `loop_control` value must be specified as a dictionary', 4, 19],
  ['loop_control: {foo: 1}', 4, "'foo' is not a valid attribute for a LoopControl", 4, 20],
  ['loop_control: {label: [a]}', 4, "The field 'label' is supposed to be a string type", 4, 27],
  ['vars: foo', 4, 'Vars in a Task must be specified as a dictionary.', 4, 11],
  ['vars: [{a: 1}]', 4, 'Vars in a Task must be specified as a dictionary.', 4, 11],
  ['vars: {1a: 1}', 1, "Invalid variable name '1a'.", 4, 12],
  ['module_defaults: foo', 4, "The field 'module_defaults' is supposed to be a dictionary", 4, 22],
  ['collections: 1', 4, "Keyword 'collections' items must be of type 'str'", 4, 18],
  ['with_items: ', 1, 'you must specify a value when using with_items', 4, 5],
  ['with_nope: [1]', 4, "'with_nope' is not a valid attribute for a Task", 4, 5],
  ['listen: a', 4, "'listen' is not a valid attribute for a Task", 4, 5],
  ['static: yes', 4, "'static' is not a valid attribute for a Task", 4, 5],
  ['sudo: yes', 4, 'conflicting action statements: debug, sudo', 4, 5],
  ['whenn: yes', 4, 'conflicting action statements: debug, whenn', 4, 5],
  ['copy: src=a', 4, 'conflicting action statements: debug, copy', 3, 5],
  ['local_action: ping', 4, 'conflicting action statements: ping, debug', 3, 5],
  ['block: []', 4, "'debug' is not a valid attribute for a Block", 3, 5],
  ['args: foo', 4, 'The value of the task `args` keyword is invalid.', 4, 11],
];

test.each(OF_TASKS)(
  'beside an action, %s is refused with exit code %i',
  async (keyword, exitCode, message, line, column) => {
    const error = await fail(`- hosts: localhost\n  tasks:\n  - debug:\n    ${keyword}\n`);
    expect(error?.message).toContain(message);
    expect(error?.exitCode).toBe(exitCode);
    expect(error?.position).toEqual({ file: '/p/play.yml', line, column });
  },
);

const play = (rest: string): string => `- hosts: localhost\n  ${rest}\n`;
const task = (rest: string): string => `- hosts: localhost\n  tasks:\n  - ${rest}\n`;

const WHOLE: readonly [string, number, string][] = [
  ['hosts: localhost\n', 4, 'A playbook must be a list of plays, got a dictionary instead: /p/play.yml'],
  ['', 4, 'Empty playbook, nothing to do: /p/play.yml'],
  ['[]\n', 4, 'A playbook must contain at least one play: /p/play.yml'],
  ['- foo\n', 4, "playbook entries must be either valid plays or 'import_playbook' statements"],
  ['- tasks: []\n', 4, "The field 'hosts' is required but was not set."],
  ['- hosts: []\n', 4, 'Hosts list cannot be empty. Please check your playbook'],
  ['- hosts: ""\n', 4, 'Hosts list cannot be empty. Please check your playbook'],
  ['- hosts: {a: 1}\n', 4, 'Hosts list must be a sequence or string. Please check your playbook.'],
  ['- hosts: [a, 1]\n', 4, "Hosts list contains an invalid host value: '1'"],
  [play('bogus: 1'), 4, "'bogus' is not a valid attribute for a Play"],
  [play('include: q.yml'), 4, "'include' is not a valid attribute for a Play"],
  [play('user: a\n  remote_user: b'), 4, "both 'user' and 'remote_user' are set for this play."],
  [play('name: [a]'), 4, "The field 'name' is supposed to be a string type"],
  [play('vars: [{a: 1}]'), 4, 'Vars in a Play must be specified as a dictionary.'],
  [play('vars_files: [{a: b}]'), 4, 'Invalid `vars_files` value'],
  [play('vars_prompt: [{foo: 1}]'), 4, "Invalid vars_prompt data structure, missing 'name' key"],
  [play('vars_prompt: [{name: a, foo: 1}]'), 4, "Invalid vars_prompt data structure, found unsupported key 'foo'"],
  [play('tasks: foo'), 4, 'A malformed block was encountered while loading tasks'],
  [play('tasks: {debug: }'), 4, 'A malformed block was encountered while loading tasks'],
  [play('tasks: [a]'), 4, 'A malformed block was encountered while loading tasks'],
  [play('tasks: [{block: foo}]'), 4, 'A malformed block was encountered while loading a block'],
  [play('tasks: [{block: }]'), 4, 'A malformed block was encountered while loading a block'],
  [play('tasks: [{block: [], always: x}]'), 4, 'A malformed block was encountered while loading always'],
  [play('tasks: [{rescue: []}]'), 4, "'rescue' keyword cannot be used without 'block'"],
  [play('tasks: [{block: [], register: x}]'), 4, "'register' is not a valid attribute for a Block"],
  [play('roles: r'), 4, 'A malformed role declaration was encountered'],
  [play('roles: [1]'), 4, 'Invalid role definition.'],
  [play('roles: [{rolee: r}]'), 1, 'role definitions must contain a role name'],
  [play('roles: ["r,v1,name"]'), 1, 'Invalid old style role requirement: r,v1,name'],
  [play('roles: [{role: r, tags: 1}]'), 1, 'tags must be specified as a list'],
  [play('roles: [{role: r, vars: [1]}]'), 4, 'Vars in a RoleInclude must be specified as a dictionary.'],
  [play('roles: [nope]'), 1, "the role 'nope' was not found in /p/roles:/roles:/p"],
  [play('roles: [{role: "{{ zz }}"}]'), 1, "'zz' is undefined"],
  [play('become: maybe'), 4, "The keyword 'become' takes a boolean, and this is a string."],
  [play('max_fail_percentage: lots'), 4, "The keyword 'max_fail_percentage' takes a number, and this is a string."],
  [play('strategy: nosuch'), 1, 'Invalid play strategy specified: nosuch'],
  [play('roles: [loop]'), 4, 'A recursion loop was detected with the roles specified.'],
  [play('handlers: [{include_role: {name: r}}]'), 4, "Using 'include_role' as a handler is not supported."],
  [play('handlers: [{import_role: {name: r}}]'), 4, "Using 'import_role' as a handler is not supported."],
  [play('handlers: [{debug: , listen: {a: 1}}]'), 4, "Keyword 'listen' items must be of type 'str'"],
  [task('name: only'), 4, 'no module/action detected in task.'],
  [task('copyy: {src: a}'), 4, "couldn't resolve module/action 'copyy'. This often indicates a misspelling"],
  [task('"{{ foo }}": {}'), 4, "couldn't resolve module/action '{{ foo }}'"],
  [task('include: foo'), 1, "The 'ansible.builtin.include' action plugin has been removed."],
  [task('debug: [a]'), 4, 'unexpected parameter type in action'],
  [
    task('shell: echo "foo'),
    4,
    'failed at splitting arguments, either an unbalanced jinja2 block or quotes: echo "foo',
  ],
  [task('action: debug\n    local_action: debug'), 4, 'action and local_action are mutually exclusive'],
  [task('local_action: debug\n    delegate_to: x'), 4, 'delegate_to and local_action are mutually exclusive'],
  [task('debug:\n    loop: [1]\n    with_items: [2]'), 1, 'duplicate loop in task: items'],
  [task('include_tasks: {file: x.yml, foo: 1}'), 4, 'Invalid options for include_tasks: foo'],
  [task('include_tasks: x.yml\n    become: yes'), 4, "'become' is not a valid attribute for a TaskInclude"],
  [task('include_tasks: \n    tags: a'), 4, 'No file specified for include_tasks'],
  [task('include_role: {name: r, apply: 3}'), 4, 'Expected a dict for apply but got'],
  [task('include_role: {name: r}\n    delegate_to: a'), 4, "'delegate_to' is not a valid attribute for a IncludeRole"],
  [task('import_tasks: nope.yml'), 1, "Could not find or access '/p/nope.yml'"],
  [task('import_tasks: inc.yml a=1'), 4, 'Invalid options for import_tasks: a'],
  [task('import_tasks: inc.yml\n    loop: [1]'), 4, "You cannot use loops on 'import_tasks' statements."],
  [
    task('import_tasks: "{{ zz }}.yml"'),
    4,
    "Error when evaluating variable in import path '{{ zz }}.yml': 'zz' is undefined",
  ],
  [task('command: 1'), 4, 'unexpected parameter type in action: a number'],
  [task('import_tasks: self.yml'), 4, "The file '/p/self.yml' imports itself."],
  [task('import_role: r'), 4, "'name' is a required field for import_role."],
  [task('import_role: {name: nope}'), 1, "the role 'nope' was not found in"],
  [task('import_role: {name: nn.cc.rr}'), 1, "the role 'nn.cc.rr' was not found in"],
  [task('import_role: {name: r, foo: 1}'), 4, 'Invalid options for import_role: foo'],
  [task('import_role: {name: r, tasks_from: nope}'), 4, 'Could not find specified file in role: tasks/nope'],
  [task('import_role: {name: r, vars_from: nope}'), 4, 'Could not find specified file in role: vars/nope'],
  [task('import_role: {name: r, tasks_from: [1]}'), 4, 'Expected a string for tasks_from but got'],
  ['- import_playbook: nope.yml\n', 1, "Could not find or access '/p/nope.yml'"],
  ['- import_playbook: q.yml\n  hosts: x\n', 4, "'hosts' is not a valid attribute for a PlaybookInclude"],
  ['- import_playbook: \n', 4, "The field 'import_playbook' is required but was not set."],
  ['- import_playbook: [q.yml]\n', 4, "The field 'import_playbook' is supposed to be a string type"],
  ['- import_playbook: play.yml\n', 4, "The playbook '/p/play.yml' imports itself."],
];

test.each(WHOLE)('%j is refused with exit code %i', async (text, exitCode, message) => {
  const error = await fail(text);
  expect(error?.message).toContain(message);
  expect(error?.exitCode).toBe(exitCode);
});

// Wrong, but ansible-core sees it only when it runs: a warning here, or nothing.
const TAKEN = [
  'become: maybe',
  'when: {a: 1}',
  'tags: [1, a]',
  'retries: foo',
  'notify: {a: 1}',
  'async: x',
  'environment: foo',
  'loop: foo',
  'register: for',
  'register: null',
  'vars: {import: 1}',
  'args: null',
  'debugger: foo',
  'port: a',
];
test.each(TAKEN)('%s is taken at load', async (keyword) => {
  expect(await fail(`- hosts: localhost\n  tasks:\n  - debug:\n    ${keyword}\n`)).toBeUndefined();
});

test('a wrong type that will fail later is told as a warning with its place', async () => {
  const { loader, warned } = memoryLoader({ '/p/play.yml': task('ping:\n    become: maybe') });
  await loader.playbook('/p/play.yml');
  expect(warned).toMatchObject([
    {
      message: "The keyword 'become' takes a boolean, and this is a string: it will fail when it is used.",
      position: { file: '/p/play.yml' },
    },
  ]);
});

test('an unknown action under `action:` is a warning, since it may never run', async () => {
  const { loader, warned } = memoryLoader({ '/p/play.yml': task('action: nope a=b') });
  await loader.playbook('/p/play.yml');
  expect(warned[0]?.message).toContain("couldn't resolve module/action 'nope'");
});

test('all faults of a load are told at once, each at its place, near names as hints', async () => {
  const error = await fail(
    '- hosts: localhost\n  tagz: a\n  tasks:\n  - copyy: {}\n  - block:\n    - debug:\n      whenn: x\n    rescue: 1\n  roles: [nope]\n',
  );
  const told = [error!, ...error!.others].map((one) => [one.message.slice(0, 40), one.position?.line, one.hint]);
  expect(told).toEqual([
    ["'tagz' is not a valid attribute for a Pl", 2, "Did you mean 'tags'?"],
    ["the role 'nope' was not found in /p/role", 9, undefined],
    ["couldn't resolve module/action 'copyy'. ", 4, "Did you mean 'copy'?"],
    ['conflicting action statements: debug, wh', 7, "'whenn' is no keyword: did you mean 'when'?"],
    ['A malformed block was encountered while ', 8, undefined],
  ]);
});

test('a missing playbook is exit code 1', async () => {
  const { loader } = memoryLoader({});
  await expect(loader.playbook('/p/none.yml')).rejects.toMatchObject({
    message: 'the playbook: /p/none.yml could not be found',
    exitCode: 1,
  });
});

test('unknown keywords of includes and tasks can be made warnings', async () => {
  const { loader, warned } = memoryLoader(
    { '/p/play.yml': task('debug:\n    static: yes') },
    { refuseUnknownKeywords: false },
  );
  await loader.playbook('/p/play.yml');
  expect(warned.map((one) => one.message)).toEqual(["'static' is not a valid attribute for a Task"]);
});
