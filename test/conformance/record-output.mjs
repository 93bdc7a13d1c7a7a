// Records what the reference prints for recorded/output/playbook.yml under several settings. Times and paths are made
// equal, so that a recording changes only when the text does. REFERENCE names the folder of its commands.

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'recorded/output');
const program = process.env.REFERENCE ? join(process.env.REFERENCE, 'ansible-playbook') : 'ansible-playbook';

/** name: [options, environment] */
const RUNS = {
  default: [[], {}],
  v: [['-v'], {}],
  vv: [['-vv'], {}],
  yaml: [[], { ANSIBLE_CALLBACK_RESULT_FORMAT: 'yaml' }],
  pretty: [[], { ANSIBLE_CALLBACK_FORMAT_PRETTY: 'true' }],
  no_skipped: [[], { ANSIBLE_DISPLAY_SKIPPED_HOSTS: 'false' }],
  no_ok: [[], { ANSIBLE_DISPLAY_OK_HOSTS: 'false' }],
  failed_stderr: [[], { ANSIBLE_DISPLAY_FAILED_STDERR: 'true' }],
  path_on_failure: [[], { ANSIBLE_SHOW_TASK_PATH_ON_FAILURE: 'true' }],
  host_start: [[], { ANSIBLE_SHOW_PER_HOST_START: 'true' }],
  custom_stats: [[], { ANSIBLE_SHOW_CUSTOM_STATS: 'true' }],
  colour: [[], { ANSIBLE_FORCE_COLOR: '1' }],
};

for (const [name, [options, environment]] of Object.entries(RUNS)) {
  writeFileSync('/tmp/troupe-recorded.txt', 'a\nb\n', { mode: 0o600 });
  const { NO_COLOR: _no, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const { stdout, stderr } = spawnSync(program, ['-i', 'inventory', 'playbook.yml', ...options], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  writeFileSync(join(folder, `${name}.out`), normal(stdout));
  writeFileSync(join(folder, `${name}.err`), normal(stderr));
}
rmSync('/tmp/troupe-recorded.txt');

function normal(text) {
  return text
    .replaceAll(folder, '/play')
    .replace(/"delta": "[^"]*"/g, '"delta": "0:00:00.001000"')
    .replace(/"(start|end)": "[^"]*"/g, '"$1": "2026-01-01 00:00:00.000000"')
    .replace(/"src": "[^"]*"/g, '"src": "/tmp/source"')
    .replace(/(delta|start|end|src): .*/g, '$1: TIME');
}
