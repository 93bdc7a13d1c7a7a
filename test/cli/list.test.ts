// What --list-tasks, --list-tags and --list-hosts print, line by line as ansible-core 2.19 does for the same files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { playbookCommand } from '../../engine/cli/playbook.ts';
import { Page } from '../report/recorded-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'roles/inner/tasks/main.yml': '- debug:\n',
  'roles/outer/tasks/main.yml': `- name: a role, by a name
  include_role: {name: inner}
- include_role: {name: inner}
- name: named
  debug:
  tags: [b]
- debug:
- name: a file, by a name
  include_tasks: other.yml
- block:
    - name: in a block
      debug:
  rescue:
    - name: never listed
      debug:
`,
  'p.yml': `- name: The play
  hosts: web
  tags: [p]
  roles: [outer]
  tasks:
    - name: a role of the play
      include_role: {name: inner}
`,
  hosts: '[web]\nh1\nh2\n',
};
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

it('lists tasks, tags and hosts', async () => {
  const page = new Page();
  const exitCode = await playbookCommand({
    program: 'ansible-playbook',
    argv: ['-i', join(folder, 'hosts'), join(folder, 'p.yml'), '--list-tasks', '--list-tags', '--list-hosts'],
    environment: { ANSIBLE_CONFIG: '/dev/null' },
    cwd: folder,
    screen: page,
    signal: new AbortController().signal,
  });
  expect(exitCode).toBe(0);
  expect(page.outText.replaceAll(`${folder}/`, '')).toBe(`
playbook: p.yml

  play #1 (web): The play	TAGS: [p]
    pattern: ['web']
    hosts (2):
      h1
      h2
    tasks:
      a role, by a name	TAGS: [p]
      include_role	TAGS: [p]
      outer : named	TAGS: [b, p]
      debug	TAGS: [p]
      outer : a file, by a name	TAGS: [p]
      outer : in a block	TAGS: [p]
      a role of the play	TAGS: [p]
      TASK TAGS: [b, p]
`);
});
