// Programs for real: found beside a playbook, in roles and collections, and called with the arguments that they want.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Module, Plan, Step, StepResult } from '../../engine/module/contract.ts';
import { withPrograms } from '../../engine/program/registry.ts';
import { Shelf } from '../../engine/program/shelf.ts';
import { registry as native } from '../../modules/index.ts';
import { runScript, SITE } from '../modules/miniature.ts';

const top = mkdtempSync(join(tmpdir(), 'troupe-program-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
  chmodSync(join(top, path), 0o644);
}

const echo = (word: string): string => `#!/bin/sh\n# ${word}\nprintf '{"changed": true, "got": %s}' "$(cat "$1")"\n`;
write('play/library/want', echo('WANT_JSON'));
write('play/library/rehearsing.sh', echo('WANT_JSON _ansible_check_mode'));
write('play/library/sub/deeper.sh', echo('WANT_JSON'));
write('play/library/README.md', 'no module');
write('play/library/words.sh', '#!/bin/sh\n. "$1"\nprintf \'{"changed": false, "a": "%s", "b": "%s"}\' "$a" "$b"\n');
write('play/library/inlined.sh', '#!/bin/sh\ncat <<\'END\'\n{"got": <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>}\nEND\n');
write('play/library/pythonic.py', '#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n');
write('play/library/ping', echo('WANT_JSON'));
write('role/library/inrole', echo('WANT_JSON'));
write('collections/ansible_collections/a/b/plugins/modules/c.sh', echo('WANT_JSON'));

const shelf = new Shelf([], [join(top, 'collections')]);
shelf.addBeside(join(top, 'play'));
shelf.addBeside(join(top, 'role'));
const registry = withPrograms(native, shelf, '2.19.0');

async function planOf(name: string, args: object): Promise<Plan> {
  const found = await registry.find(name);
  return (found!.module as Module).plan(args as never, new Map(), SITE) as Plan;
}

function carryOut(step: Step): StepResult {
  if (!('run' in step)) throw new Error('a program runs');
  const answer = runScript(step.run, { scratch: step.scratch });
  return { ...answer, data: {}, started: '', ended: '' };
}

describe('names', () => {
  it.each([
    ['want', 'ansible.legacy.want'],
    ['deeper', 'ansible.legacy.deeper'],
    ['inrole', 'ansible.legacy.inrole'],
    ['ansible.legacy.want', 'ansible.legacy.want'],
    ['a.b.c', 'a.b.c'],
    ['ping', 'ansible.legacy.ping'],
    ['ansible.builtin.ping', 'ansible.builtin.ping'],
    ['copy', 'ansible.builtin.copy'],
    ['cron', 'ansible.builtin.cron'],
    ['docker_container', 'community.docker.docker_container'],
    ['community.general.docker_container', 'community.docker.docker_container'],
    ['yum', 'ansible.builtin.dnf'],
    ['README', undefined],
    ['a.b.nothing', undefined],
    ['nothing', undefined],
  ])('%s is %s', async (name, full) => {
    expect((await registry.find(name))?.name).toBe(full);
    expect(registry.has(name)).toBe(full !== undefined);
  });

  it('a short name is looked for in the collections in force', async () => {
    expect((await registry.find('c', ['a.b']))?.name).toBe('a.b.c');
  });

  it('tells what nobody has written here', () => {
    expect(['copy', 'want', 'a.b.c', 'cron', 'nothing'].map((name) => registry.unwritten(name))).toEqual([
      undefined,
      undefined,
      undefined,
      'ansible.builtin.cron',
      undefined,
    ]);
  });

  it('refuses by name what it cannot run', async () => {
    await expect(planOf('cron', {})).rejects.toThrow('the module ansible.builtin.cron is not supported by troupe yet');
    await expect(planOf('pythonic', {})).rejects.toThrow(
      /pythonic \(.*pythonic\.py\) is written for ansible-core's Python library/,
    );
  });
});

describe('calls', () => {
  it('gives JSON arguments and tells what Ansible tells', async () => {
    const plan = await planOf('want', { a: [1, "it's"], b: null });
    const output = carryOut(plan.actions[0]!.step);
    expect(JSON.parse(Buffer.from(output.stdout).toString())).toMatchObject({
      got: {
        a: [1, "it's"],
        b: null,
        _ansible_check_mode: false,
        _ansible_version: '2.19.0',
        _ansible_module_name: 'want',
      },
    });
    expect(plan.conclude!([output])).toEqual({ changed: true, got: { a: [1, "it's"], b: null } });
    expect(plan.actions[0]!.changedBy!(output)).toBe(true);
  });

  it('gives words', async () => {
    const plan = await planOf('words', { a: "it's", b: [1, 'x'] });
    const output = carryOut(plan.actions[0]!.step);
    expect(plan.conclude!([output])).toEqual({ changed: false, a: "it's", b: "[1, 'x']" });
    expect(plan.actions[0]!.changedBy!(output)).toBe(false);
  });

  it('writes arguments into the text', async () => {
    const plan = await planOf('inlined', { a: 1 });
    expect(plan.conclude!([carryOut(plan.actions[0]!.step)])).toEqual({ got: { a: 1 } });
  });

  it('rehearses only what knows the flag', async () => {
    expect((await planOf('want', {})).actions[0]!.rehearsal).toBeUndefined();
    const { rehearsal } = (await planOf('rehearsing', {})).actions[0]!;
    const { stdout } = carryOut(rehearsal!);
    expect(JSON.parse(Buffer.from(stdout).toString())).toMatchObject({ got: { _ansible_check_mode: true } });
  });
});
