// Plays a playbook as the command does, and writes the run's events beside it: `node player.js EVENTS-FILE OPTION...`.
// Tests read from them what a host-task did, by its address.

import { appendFileSync, writeFileSync } from 'node:fs';
import { playbookCommand } from '../../engine/cli/playbook.ts';

const [file, ...argv] = process.argv.slice(2);
writeFileSync(file!, '');
process.exitCode = await playbookCommand({
  program: 'troupe playbook',
  argv,
  environment: process.env,
  cwd: process.cwd(),
  signal: new AbortController().signal,
  screen: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    width: 79,
    colourOut: false,
    colourErr: false,
  },
  listeners: [{ hear: (event) => appendFileSync(file!, `${JSON.stringify(event)}\n`) }],
});
