// Records the reference's answers to the playbooks beside: `npm run conformance:record [name ...]`, where Ansible is
// installed. REFERENCE names the folder of its commands.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOf } from './answers.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'playbooks');
const program = process.env.REFERENCE ? join(process.env.REFERENCE, 'ansible-playbook') : 'ansible-playbook';
const wanted = process.argv.slice(2);

for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const cwd = join(folder, name);
  const options = existsSync(join(cwd, 'options.json'))
    ? JSON.parse(readFileSync(join(cwd, 'options.json'), 'utf8'))
    : [];
  const env = { ...process.env, ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json', ANSIBLE_NOCOLOR: '1' };
  const { stdout, stderr, status } = spawnSync(program, ['-i', '../inventory', 'playbook.yml', ...options], {
    cwd,
    env,
    encoding: 'utf8',
  });
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`${name}: the reference gave no document\n${stderr}`);
  const answers = answersOf(JSON.parse(stdout.slice(start)), status);
  writeFileSync(join(cwd, 'answers.recorded.json'), `${JSON.stringify(answers, null, 1).replaceAll(cwd, '/play')}\n`);
  console.log(name, status);
}
