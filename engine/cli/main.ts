// The entry: which command it is, what is on the screen, and the exit code. Nothing else prints or exits.

import { basename } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { Screen } from '../report/listener.ts';
import { about, playbookLine } from './about.ts';
import { usageText } from './arguments.ts';
import { describeError } from './errors.ts';
import { sourceLines } from './source-lines.ts';
import { troupeVersion } from './version.ts';

const HELP = `usage: troupe COMMAND ...

Commands:
  playbook    play playbooks on the hosts of an inventory (as ansible-playbook does)

  troupe playbook --help    all options
  troupe --version          the version
`;

function screen(environment: NodeJS.ProcessEnv): Screen {
  const coloured = (stream: NodeJS.WriteStream): boolean => {
    if (isOn(environment['ANSIBLE_FORCE_COLOR'])) return true;
    if (environment['NO_COLOR'] !== undefined || isOn(environment['ANSIBLE_NOCOLOR'])) return false;
    return stream.isTTY === true && environment['TERM'] !== 'dumb';
  };
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    width: process.stdout.isTTY ? Math.max(79, (process.stdout.columns || 0) - 1) : 79,
    colourOut: coloured(process.stdout),
    colourErr: coloured(process.stderr),
  };
}

/** A terminal that somebody looks at, and that says how wide it is. */
function isInteractive(environment: NodeJS.ProcessEnv): boolean {
  const { isTTY, columns } = process.stdout;
  return isTTY === true && columns > 20 && environment['TERM'] !== 'dumb' && environment['CI'] === undefined;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(?:0|no|off|false|n|f|)$/i.test(value);
}

/** First Ctrl-C: nothing new is started, then the recap; the second one ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let times = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      times++;
      if (times > 1) process.exit(99);
      controller.abort();
    });
  }
  return controller.signal;
}

async function main(argv: readonly string[]): Promise<number> {
  const program = basename(process.argv[1] ?? 'troupe');
  const display = screen(process.env);
  const shim = program === 'ansible-playbook';
  const [command, ...rest] = argv;
  if (!shim && (command === undefined || command === '-h' || command === '--help' || command === 'help')) {
    display.out(HELP);
    return command === undefined ? 2 : 0;
  }
  if (!shim && command === '--version') {
    display.out(`troupe ${troupeVersion()}\n`);
    return 0;
  }
  if (!shim && command !== 'playbook') {
    display.err(`[ERROR]: unknown command '${command}'\n\n${HELP}`);
    return 2;
  }
  const name = shim ? program : 'troupe playbook';
  const line = playbookLine(name);
  const words = shim ? argv : rest;
  try {
    const told = about(line, words, process.env, process.cwd());
    if (told !== undefined) {
      display.out(told);
      return 0;
    }
    const { playbookCommand } = await import('./playbook.ts');
    return await playbookCommand({
      program: name,
      argv: words,
      environment: process.env,
      cwd: process.cwd(),
      screen: display,
      signal: interruption(),
      interactive: isInteractive(process.env),
    });
  } catch (error) {
    const verbosity = argv.filter((word) => /^-v+$/.test(word)).reduce((sum, word) => sum + word.length - 1, 0);
    if (error instanceof UsageError && error.exitCode === 2) {
      const usage = usageText({ ...line, summary: '', operands: { ...line.operands, doc: '' } });
      display.err(
        `${usage}${name}: error: ${error.message}\n${error.hint === undefined ? '' : `Hint: ${error.hint}\n`}`,
      );
      return 2;
    }
    const { text, exitCode } = describeError(error, sourceLines(new Map()), verbosity);
    display.err(text);
    return exitCode;
  }
}

// A reader that goes away (`| head`) ends the command quietly.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

process.exitCode = await main(process.argv.slice(2));
