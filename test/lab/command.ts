// Runs the machine's own programs (ip, mount, debootstrap ...) for the lab. Everything the lab does goes through here, so that a
// failure always names the command, its exit code and what it said.

import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** A lab could not do what was asked; the message is for the person at the keyboard. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

export interface CommandOptions {
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A non-zero exit is an answer, not an error. */
  readonly tolerate?: boolean;
  /** Milliseconds after which the command is killed; absent: it may take as long as it likes. */
  readonly timeout?: number;
  /** Output also goes here while it runs. */
  readonly echo?: { readonly out: Writable; readonly err: Writable };
}

export interface CommandResult {
  /** Exit code; 128 + signal number when a signal ended it, 127 when it could not be started. */
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and waits for its end. Throws LabError when it fails, unless `tolerate`. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await collect(argv, options);
  if (result.rc !== 0 && options.tolerate !== true) {
    const said = `${result.stdout.trim()}\n${result.stderr.trim()}`.trim();
    throw new LabError(`${argv.join(' ')}: exit ${result.rc}${said === '' ? '' : `: ${said.slice(-2000)}`}`);
  }
  return result;
}

function collect(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(argv[0]!, argv.slice(1), {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' as const }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      options.echo?.out.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err.push(chunk);
      options.echo?.err.write(chunk);
    });
    // A program may end without reading its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    const finish = (rc: number, extra = ''): void =>
      resolve({ rc, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() + extra });
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code) => finish(code ?? 137));
  });
}

/** Quotes a word for /bin/sh. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
