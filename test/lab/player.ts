// Plays a playbook as the command does, and writes the run's events beside it: `node player.js EVENTS-FILE OPTION...`.
// Tests and the demo read from them what a host-task did, by its address.

import { appendFileSync, writeFileSync } from 'node:fs';
import { playbookCommand } from '../../engine/cli/playbook.ts';

const [file, ...argv] = process.argv.slice(2);
writeFileSync(file!, '');
const isTerminal = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
const isColoured = isTerminal && process.env['NO_COLOR'] === undefined;
process.exitCode = await playbookCommand({
  program: 'troupe playbook',
  argv,
  environment: process.env,
  cwd: process.cwd(),
  signal: new AbortController().signal,
  interactive: isTerminal,
  screen: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    width: isTerminal ? Math.max(79, process.stdout.columns - 1) : 79,
    colourOut: isColoured,
    colourErr: isColoured,
  },
  listeners: [{ hear: (event) => appendFileSync(file!, `${JSON.stringify(event)}\n`) }],
});
