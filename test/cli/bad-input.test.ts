// Twenty-odd ways to be wrong: each gives one message with its place, an excerpt with a caret and a hint, the reference's
// exit code and never a stack. What is wrong in a file at load runs nothing; what is wrong at run time fails that task.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeError } from '../../engine/cli/errors.ts';
import { playbookCommand } from '../../engine/cli/playbook.ts';
import { sourceLines } from '../../engine/cli/source-lines.ts';
import { Page } from '../report/recorded-run.ts';

interface Case {
  readonly name: string;
  /** Files by name; `site.yml` is played unless `argv` says otherwise. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly argv?: readonly string[];
  readonly exitCode: number;
  /** What the message has to say. */
  readonly says: RegExp;
  /** `file:line:column`, or only `file`; none where there is no file to name. */
  readonly at?: string;
  readonly hint?: RegExp;
  /** True when other tasks run before it. */
  readonly runs?: true;
}

/** A play on localhost with these tasks, each line indented by four. */
function play(...tasks: readonly string[]): string {
  return `- hosts: localhost\n  gather_facts: false\n  tasks:\n${tasks.map((line) => `    ${line}\n`).join('')}`;
}

const BEFORE = '- debug: msg=before';

const CASES: readonly Case[] = [
  {
    name: 'broken YAML',
    files: { 'site.yml': '- hosts: localhost\n  tasks: [a: {b: }\n' },
    exitCode: 4,
    says: /YAML/,
    at: 'site.yml',
  },
  {
    name: 'a tab',
    files: { 'site.yml': '- hosts: localhost\n  tasks:\n\t- ping:\n' },
    exitCode: 4,
    says: /[Tt]ab/,
    at: 'site.yml:3:1',
    hint: /space/,
  },
  {
    name: 'no list of plays',
    files: { 'site.yml': 'hosts: localhost\n' },
    exitCode: 4,
    says: /list of plays/,
    at: 'site.yml:1:1',
  },
  {
    name: 'unquoted braces',
    files: { 'site.yml': play('- debug:', '    msg: {{ x }}') },
    exitCode: 4,
    says: /YAML|quot|template/i,
    at: 'site.yml:5',
    hint: /[Qq]uote/,
  },
  {
    name: 'an unknown keyword of a play',
    files: { 'site.yml': '- hosts: localhost\n  taskz: []\n' },
    exitCode: 4,
    says: /'taskz' is not a valid attribute for a Play/,
    at: 'site.yml:2:3',
    hint: /tasks/,
  },
  {
    name: 'an unknown keyword of a task',
    files: { 'site.yml': play('- ping:', '  wen: x') },
    exitCode: 4,
    says: /wen/,
    at: 'site.yml',
    hint: /when/,
  },
  {
    name: 'an unknown module',
    files: { 'site.yml': play('- debgu: msg=x') },
    exitCode: 4,
    says: /couldn't resolve module\/action 'debgu'/,
    at: 'site.yml:4:7',
    hint: /debug/,
  },
  {
    name: 'two actions',
    files: { 'site.yml': play('- ping:', '  command: x') },
    exitCode: 4,
    says: /conflicting action statements: ping, command/,
    at: 'site.yml:4',
  },
  {
    name: 'a missing role',
    files: { 'site.yml': '- hosts: localhost\n  roles: [nosuch]\n' },
    exitCode: 1,
    says: /the role 'nosuch' was not found/,
    at: 'site.yml:2:11',
  },
  {
    name: 'a missing imported file',
    files: { 'site.yml': play('- import_tasks: nosuch.yml') },
    exitCode: 1,
    says: /nosuch\.yml/,
    at: 'site.yml',
  },
  {
    name: 'a folder instead of a playbook',
    files: { 'folder.yml/x': '' },
    argv: ['folder.yml'],
    exitCode: 1,
    says: /folder\.yml does not appear to be a file/,
  },
  {
    name: 'a file that is no UTF-8',
    files: { 'site.yml': Buffer.from('- hosts: localhost\n  tasks:\n    - debug: msg="caf\xe9"\n', 'latin1') },
    exitCode: 4,
    says: /could not be decoded as 'utf-8'/,
    at: 'site.yml:3:22',
    hint: /UTF-8/,
  },
  {
    name: 'a control character',
    files: { 'site.yml': play('- debug: msg="a\u0001b"') },
    exitCode: 4,
    says: /Control characters are not allowed \(#x0001\)/,
    at: 'site.yml:4:20',
    hint: /\\x01/,
  },
  {
    name: 'a play keyword of a wrong type',
    files: { 'site.yml': '- hosts: localhost\n  gather_facts: maybe\n' },
    exitCode: 4,
    says: /'gather_facts' takes a boolean/,
    at: 'site.yml:2:17',
  },
  {
    name: 'an unknown strategy',
    files: { 'site.yml': '- hosts: localhost\n  strategy: debug\n' },
    exitCode: 1,
    says: /Invalid play strategy specified: debug/,
    at: 'site.yml:2:13',
    hint: /linear/,
  },
  {
    name: 'roles that need each other',
    files: {
      'site.yml': '- hosts: localhost\n  roles: [a]\n',
      'roles/a/meta/main.yml': 'dependencies: [b]\n',
      'roles/b/meta/main.yml': 'dependencies: [a]\n',
    },
    exitCode: 4,
    says: /recursion loop/,
    at: 'roles/b/meta/main.yml:1:16',
    hint: /a -> b -> a/,
  },
  {
    name: 'group variables that are no dictionary',
    files: { 'site.yml': play(BEFORE), 'group_vars/all.yml': '- a\n' },
    exitCode: 4,
    says: /must hold a dictionary of variables/,
    at: 'group_vars/all.yml:1:1',
  },
  {
    name: 'group variables that are no YAML',
    files: { 'site.yml': play(BEFORE), 'group_vars/all.yml': 'a: {{ b }}\n' },
    exitCode: 4,
    says: /YAML parsing failed/,
    at: 'group_vars/all.yml:1:5',
    hint: /[Qq]uote/,
  },
  {
    name: 'a vaulted file',
    files: { 'site.yml': play(BEFORE), 'host_vars/localhost.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' },
    exitCode: 4,
    says: /no vault secrets found.\nOrigin: .*host_vars.localhost\.yml:1:1/,
  },
  {
    name: 'a setting that stands twice',
    files: { 'site.yml': play(BEFORE), 'ansible.cfg': '[defaults]\nforks = 5\nforks = 6\n' },
    exitCode: 5,
    says: /option 'forks' already exists/,
    at: 'ansible.cfg:3:1',
  },
  {
    name: 'a section of settings that stands twice',
    files: { 'site.yml': play(BEFORE), 'ansible.cfg': '[defaults]\nforks = 5\n[defaults]\ntimeout = 6\n' },
    exitCode: 5,
    says: /section 'defaults' already exists/,
    at: 'ansible.cfg:3:1',
  },
  {
    name: 'settings without a section',
    files: { 'site.yml': play(BEFORE), 'ansible.cfg': 'forks = 5\n' },
    exitCode: 5,
    says: /no section header/,
    at: 'ansible.cfg:1:1',
  },
  {
    name: 'extra variables whose quotes do not close',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '-e', 'a="b'],
    exitCode: 4,
    says: /extra variables a="b cannot be read/,
    hint: /quote it for the shell/,
  },
  { name: 'a missing playbook', files: {}, argv: ['nosuch.yml'], exitCode: 1, says: /could not be found/ },
  {
    name: 'an unknown option',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '--nosuch'],
    exitCode: 2,
    says: /unrecognized arguments: --nosuch/,
  },
  {
    name: 'an option of another version',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '--sftp-extra-args', 'x'],
    exitCode: 2,
    says: /not supported yet: --sftp-extra-args/,
  },
  {
    name: 'extra variables that are none',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '-e', '{"a": '],
    exitCode: 4,
    says: /YAML|JSON/,
  },
  {
    name: 'a missing file of extra variables',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '-e', '@nosuch.yml'],
    exitCode: 1,
    says: /nosuch\.yml/,
  },
  {
    name: 'a missing password file',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '--become-password-file', '/nosuch'],
    exitCode: 1,
    says: /password file \/nosuch/,
  },
  {
    name: 'a limit that leaves nobody',
    files: { 'site.yml': play(BEFORE) },
    argv: ['site.yml', '-l', 'nosuch'],
    exitCode: 1,
    says: /leaves us with no hosts to target/,
  },
  {
    name: 'an invalid setting',
    files: { 'site.yml': play(BEFORE), 'ansible.cfg': '[defaults]\nforks = many\n' },
    exitCode: 5,
    says: /DEFAULT_FORKS.*'many' is no whole number/,
    at: 'ansible.cfg:2',
  },
  {
    name: 'a wrong argument',
    files: { 'site.yml': play(BEFORE, '- ping: {daat: x}') },
    exitCode: 2,
    says: /Unsupported parameters for \(.*ping\) module: daat/,
    at: 'site.yml:5',
    runs: true,
  },
  {
    name: 'an undefined variable',
    files: { 'site.yml': play(BEFORE, '- debug: msg="{{ nosuch }}"') },
    exitCode: 2,
    says: /'nosuch' is undefined/,
    at: 'site.yml:5',
    runs: true,
  },
  {
    name: 'a template that is none',
    files: { 'site.yml': play(BEFORE, '- debug: msg="{{ 1 + }}"') },
    exitCode: 2,
    says: /[Ss]yntax error/,
    at: 'site.yml:5',
    runs: true,
  },
  {
    name: 'an unknown filter',
    files: { 'site.yml': play(BEFORE, `- debug: msg="{{ 'x' | uper }}"`) },
    exitCode: 2,
    says: /uper/,
    at: 'site.yml:5',
    hint: /upper/,
    runs: true,
  },
  {
    name: 'an unknown lookup',
    files: { 'site.yml': play(BEFORE, `- debug: msg="{{ lookup('fiel', 'x') }}"`) },
    exitCode: 2,
    says: /fiel/,
    at: 'site.yml:5',
    runs: true,
  },
  {
    name: 'variables that go in circles',
    files: { 'site.yml': play(BEFORE, '- debug: msg="{{ a }}"', '  vars: {a: "{{ b }}", b: "{{ a }}"}') },
    exitCode: 2,
    says: /[Rr]ecursi/,
    at: 'site.yml',
    runs: true,
  },
  {
    name: 'a condition that is none',
    files: { 'site.yml': play(BEFORE, '- ping:', '  when: "1 +"') },
    exitCode: 2,
    says: /[Ss]yntax error/,
    at: 'site.yml:6:13',
    runs: true,
  },
  {
    name: 'a missing template',
    files: { 'site.yml': play(BEFORE, '- template: {src: nosuch.j2, dest: /tmp/x}') },
    exitCode: 2,
    says: /nosuch\.j2/,
    at: 'site.yml:5',
    runs: true,
  },
  {
    name: 'a missing included file',
    files: { 'site.yml': play(BEFORE, '- include_tasks: nosuch.yml') },
    exitCode: 2,
    says: /nosuch\.yml/,
    at: 'site.yml:5',
    runs: true,
  },
];

let top = '';
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'troupe-bad-'));
  // A world-writable folder would hide its ansible.cfg.
  chmodSync(top, 0o755);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

async function run(
  one: Case,
): Promise<{ readonly cwd: string; readonly page: Page; readonly exitCode: number; readonly error: string }> {
  const cwd = join(top, one.name.replaceAll(' ', '-'));
  mkdirSync(cwd);
  for (const [name, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const page = new Page();
  const argv = (one.argv ?? ['site.yml']).map((word) =>
    word.endsWith('.yml') && !word.startsWith('@') ? join(cwd, word) : word,
  );
  try {
    const exitCode = await playbookCommand({
      program: 'ansible-playbook',
      argv: ['-i', 'localhost,', '-c', 'local', ...argv],
      environment: { HOME: top, PATH: process.env['PATH'] },
      cwd,
      screen: page,
      signal: new AbortController().signal,
    });
    return { cwd, page, exitCode, error: page.outText.slice(Math.max(0, page.outText.indexOf('[ERROR]'))) };
  } catch (fault) {
    const { text, exitCode } = describeError(fault, sourceLines(new Map()), 0);
    return { cwd, page, exitCode, error: text };
  }
}

describe('a mistake is told with its place, its line and what to do', () => {
  it.each(CASES)('$name', async (one) => {
    const { cwd, page, exitCode, error } = await run(one);
    expect(error).toMatch(/^\[ERROR\]: /);
    expect(error).toMatch(one.says);
    expect(exitCode).toBe(one.exitCode);
    if (one.at !== undefined) {
      expect(error).toContain(`Origin: ${join(cwd, one.at)}`);
      expect(error).toMatch(/^ *\^ column \d+$/m);
    }
    if (one.hint !== undefined) expect(error).toMatch(new RegExp(`Hint: .*${one.hint.source}`));
    expect(error).not.toMatch(/\n\s+at .*:\d+:\d+\)?\n/);
    if (one.runs) expect(page.outText).toContain('"msg": "before"');
    else expect(page.outText).not.toContain('PLAY [');
  });

  it.each([
    ['hosts.yml', 'all:\n\thosts: x\n', 'hosts.yml:2:1'],
    ['hosts.yml', 'all:\n  hosts: [x]\n', 'hosts.yml:2:3'],
    ['hosts', '[a]\nh1\n[b\nh2\n', 'hosts:3:1'],
    ['hosts', '[a]\nh1 x=1 y\n', 'hosts:2:1'],
    ['hosts', '[a]\nh1 x="1\n', 'hosts:2:1'],
    ['hosts', '[a:children]\nb\n', 'hosts:2:1'],
  ])('warns of an inventory that cannot be read (%s, %j), and goes on', async (name, text, at) => {
    const cwd = mkdtempSync(join(top, 'inventory-'));
    writeFileSync(join(cwd, name), text);
    writeFileSync(join(cwd, 'site.yml'), play(BEFORE));
    const page = new Page();
    const exitCode = await playbookCommand({
      program: 'ansible-playbook',
      argv: ['-i', join(cwd, name), join(cwd, 'site.yml')],
      environment: { HOME: top, PATH: process.env['PATH'] },
      cwd,
      screen: page,
      signal: new AbortController().signal,
    });
    expect(exitCode).toBe(0);
    expect(page.errText).toContain(`[WARNING]: Unable to parse ${join(cwd, name)} as an inventory source`);
    expect(page.errText).toContain(`Origin: ${join(cwd, at)}`);
    expect(page.outText).toContain('"msg": "before"');
  });
});
