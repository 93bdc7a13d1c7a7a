// Where vault secrets come from: files, programs that print one, and the user at the terminal.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { VaultSecret } from '../variables/vault.ts';
import { located } from './located.ts';

/** What names the secrets, from options and settings, in the order in which they are tried. */
export interface VaultSources {
  /** `LABEL@SOURCE` or `SOURCE`, where SOURCE is a file, a program, or `prompt`. */
  readonly ids: readonly string[];
  readonly files: readonly string[];
  /** Ask for one. */
  readonly ask: boolean;
  /** The label of secrets that name none. */
  readonly label: string;
}

export interface Asking {
  readonly cwd: string;
  /** Asks without echo; undefined where there is no terminal. */
  prompt(text: string): Promise<string | undefined>;
}

/** Reads all secrets. Throws UsageError (exit code 1) for what cannot be read or is empty. */
export async function vaultSecrets(sources: VaultSources, asking: Asking): Promise<readonly VaultSecret[]> {
  const secrets: VaultSecret[] = [];
  for (const named of sources.ids) {
    const at = named.indexOf('@');
    const id = at > 0 ? named.slice(0, at) : sources.label;
    const source = named.slice(at + 1);
    const asks = source === 'prompt' || source === 'prompt_ask_vault_pass';
    const text = at > 0 ? `Vault password (${id}): ` : 'Vault password: ';
    secrets.push({ id, password: asks ? await asked(text, asking) : readSecret(source, id, asking.cwd) });
  }
  for (const file of sources.files)
    secrets.push({ id: sources.label, password: readSecret(file, sources.label, asking.cwd) });
  if (sources.ask) secrets.push({ id: sources.label, password: await asked('Vault password: ', asking) });
  return secrets;
}

async function asked(text: string, { prompt }: Asking): Promise<string> {
  const answer = await prompt(text);
  if (answer !== undefined && answer !== '') return answer;
  throw new UsageError(
    answer === ''
      ? 'Invalid vault password: it is empty'
      : 'A vault password is needed, and there is no terminal to ask at',
    {
      exitCode: 1,
      hint: 'Give it by --vault-password-file FILE.',
    },
  );
}

function readSecret(name: string, id: string, cwd: string): string {
  const file = located(name, cwd);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw fault(`The vault password file ${file} was not found`);
  const password = !found.isDirectory() && isExecutable(file) ? printedBy(file, id) : readFrom(file);
  if (password === '') throw fault(`Invalid vault password was provided from file (${file})`);
  return password;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program whose name ends in `-client` is told which secret is wanted. */
function printedBy(program: string, id: string): string {
  const words = /-client(?:\.[^.]+)?$/.test(basename(program)) ? ['--vault-id', id] : [];
  const { status, signal, stdout, stderr, error } = spawnSync(program, words, {
    stdio: ['inherit', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw fault(
      `Problem running vault password script ${program} (${error.message}). If this is not a script, remove the executable bit from the file.`,
    );
  if (status !== 0)
    throw fault(`Vault password script ${program} returned non-zero (${status ?? signal}): ${stderr.trim()}`);
  return stdout.replace(/[\r\n]+$/, '');
}

function readFrom(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw fault(`Could not read vault password file ${file}: ${(error as Error).message}`);
  }
}

function fault(message: string): UsageError {
  return new UsageError(message, { exitCode: 1 });
}
