// What the run writes, files beside inventory and playbook, vars_files, and how little is read before it is asked for.

import { afterEach, expect, test } from 'vitest';
import { toJson, type Value } from '../../engine/model/value.ts';
import type { VariablesOptions } from '../../engine/variables/variables.ts';
import { begin, type Stage, stage } from './stage.ts';

let on: Stage;
afterEach(() => on.remove());

const PLAY = { 'book/play.yml': '- hosts: all\n' };
const facts = (values: Readonly<Record<string, Value>>): Map<Value, Value> => new Map(Object.entries(values));
const json = (value: Value | undefined): unknown => (value === undefined ? undefined : toJson(value));

async function on_(
  files: Readonly<Record<string, string>>,
  options: Partial<VariablesOptions> = {},
): Promise<(name: string, host?: string) => Value | undefined> {
  on = await stage({ 'inv/hosts': '[g]\nh\nk\n', ...PLAY, ...files }, options);
  begin(on, on.plays[0]!, ['h', 'k']);
  return (name, host = 'h') => on.variables.scope({ host }).get(name);
}

test('facts: the dict without prefix, names as given, each host its own, cleared', async () => {
  const get = await on_({});
  expect(json(get('ansible_facts'))).toEqual({});
  on.variables.setFacts('h', facts({ ansible_os: 'x', ansible_local: { a: 1 } as never, plain: 2 }));
  on.variables.setFacts('h', { ansible_more: 1.5 });
  expect([...(get('ansible_facts') as Map<Value, Value>).keys()]).toEqual(['os', 'ansible_local', 'plain', 'more']);
  expect([get('ansible_os'), get('plain'), get('ansible_more')]).toEqual(['x', 2, 1.5]);
  expect(get('ansible_os', 'k')).toBeUndefined();
  expect([...on.variables.facts('h').keys()]).toContain('os');
  on.variables.clearFacts('h');
  expect([json(get('ansible_facts')), get('ansible_os')]).toEqual([{}, undefined]);
});

test('inject_facts_as_vars off leaves only the dict', async () => {
  const get = await on_({}, { injectFacts: false });
  on.variables.setFacts('h', facts({ ansible_os: 'x' }));
  expect([get('ansible_os'), json(get('ansible_facts'))]).toEqual([undefined, { os: 'x' }]);
});

test('set_fact and register share a level, the later wins; they outlive the play', async () => {
  const get = await on_({ 'book/play.yml': '- hosts: all\n- hosts: all\n' });
  on.variables.setNonPersistent('h', facts({ x: 1 }));
  on.variables.register('h', 'x', 2);
  expect(get('x')).toBe(2);
  on.variables.setNonPersistent('h', facts({ x: 3 }));
  begin(on, on.plays[1]!, ['h']);
  expect(get('x')).toBe(3);
});

test('uncertainty is per host and name, and ends with a certain write', async () => {
  await on_({});
  const { variables } = on;
  variables.register('h', 'r', 1);
  expect(variables.certaintyOf('h', 'r')).toBe('certain');
  variables.markUncertain('h', 'r', 'foreseen');
  expect([variables.certaintyOf('h', 'r'), variables.certaintyOf('k', 'r'), variables.certaintyOf('h', 'x')]).toEqual([
    'foreseen',
    'certain',
    'certain',
  ]);
  variables.register('h', 'r', 2);
  expect(variables.certaintyOf('h', 'r')).toBe('certain');
  variables.markUncertain('h', 'r', 'unknown');
  variables.setNonPersistent('h', facts({ r: 1 }));
  expect(variables.certaintyOf('h', 'r')).toBe('certain');
});

test('vars of add_host are the host s own', async () => {
  const get = await on_({ 'inv/host_vars/new.yml': 'over: file\n' });
  on.inventory.addHost('new', ['g'], new Map([['a', 1]]));
  on.variables.setHostVars('new', facts({ over: 'line', b: 2 }));
  expect([get('a', 'new'), get('b', 'new'), get('over', 'new')]).toEqual([1, 2, 'file']);
});

// Names in group_vars, what counts: a folder or bare file first, and only the first that is there.
test.each([
  [{ 'inv/group_vars/g': 'x: bare' }, 'bare'],
  [
    { 'inv/group_vars/g.yml': 'x: yml', 'inv/group_vars/g.yaml': 'x: yaml', 'inv/group_vars/g.json': '{"x": "json"}' },
    'yml',
  ],
  [{ 'inv/group_vars/g.yaml': 'x: yaml', 'inv/group_vars/g.json': '{"x": "json"}' }, 'yaml'],
  [{ 'inv/group_vars/g/b.yml': 'x: dir', 'inv/group_vars/g.yml': 'x: yml' }, 'dir'],
  [{ 'inv/group_vars/g/a.yml': 'x: a', 'inv/group_vars/g/b': 'x: b', 'inv/group_vars/g/sub/z.yml': 'x: deep' }, 'deep'],
  [
    {
      'inv/group_vars/g/a.yml': 'x: a',
      'inv/group_vars/g/.b.yml': 'x: b',
      'inv/group_vars/g/c.yml~': 'x: c',
      'inv/group_vars/g/d.txt': 'x: d',
    },
    'a',
  ],
  [{ 'inv/group_vars/g.txt': 'x: txt' }, undefined],
  [{ 'inv/group_vars/g.yml': '' }, undefined],
] as const)('%j gives %s', async (files, value) => {
  const get = await on_(files as Readonly<Record<string, string>>);
  expect(get('x')).toBe(value);
});

test('a vars file that is no dict is refused by name', async () => {
  const get = await on_({ 'inv/group_vars/g.yml': '[1]' });
  expect(() => get('x')).toThrow(`${on.folder}/inv/group_vars/g.yml must hold a dictionary`);
});

test('a file is read when the first name of a host that it concerns is asked for, and once', async () => {
  const get = await on_({
    'inv/hosts': '[g]\nh\n[other]\nk\n',
    'inv/group_vars/g.yml': 'x: 1',
    'inv/group_vars/other.yml': 'x: 2',
    'inv/host_vars/h.yml': 'y: 1',
    'inv/host_vars/k.yml': 'y: 2',
  });
  on.variables.scope({ host: 'h' });
  expect(on.reads).toEqual([]);
  for (let time = 0; time < 3; time++) get('x');
  expect([...on.reads].sort()).toEqual(['inv/group_vars/g.yml', 'inv/host_vars/h.yml']);
  get('x', 'k');
  expect(on.reads).toHaveLength(4);
  on.variables.refresh();
  get('x');
  expect(on.reads).toHaveLength(6);
});

test('vars_files: in order, the first of a list that is there, names by variables, what is missing told once', async () => {
  const get = await on_({
    'inv/hosts': 'h os=deb\nk os=rpm\n',
    'book/play.yml':
      '- hosts: all\n  vars: {which: b}\n  vars_files:\n  - a.yml\n  - ["{{ os }}.yml", fallback.yml]\n  - "{{ which }}.yml"\n  - "{{ chained }}.yml"\n  - "{{ unknown_yet }}.yml"\n  - gone.yml\n',
    'book/a.yml': 'x: a\nonly_a: 1\n',
    'book/vars/deb.yml': 'x: deb\n',
    'book/deb.yml': 'x: not this one\n',
    'book/fallback.yml': 'x: fallback\n',
    'book/b.yml': 'y: b\nchained: c\n',
    'book/c.yml': 'c: 1\n',
  });
  expect([get('x'), get('x', 'k'), get('only_a'), get('y'), get('c')]).toEqual(['deb', 'fallback', 1, 'b', 1]);
  expect(on.warned).toEqual(['vars file gone.yml was not found']);
  expect(on.reads.filter((file) => file === 'book/a.yml')).toHaveLength(1);
});

test('ten thousand variables cost nothing until they are asked for', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `v${index}: ${index}`).join('\n');
  const get = await on_({ 'inv/group_vars/all.yml': many });
  expect(get('v9999')).toBe(9999);
  const before = process.cpuUsage().user;
  for (let index = 0; index < 1000; index++) expect(on.variables.scope({ host: 'h' }).get('v5')).toBe(5);
  // A thousand scopes: copying the variables only once each would take some hundred times as long.
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1000);
});
