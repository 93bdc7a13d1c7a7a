// Where lookups find files: beside the role, then beside the playbook, in the subfolder that belongs to the kind.

import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isDict, type Value } from '../../model/value.ts';
import { Fault, valueFault } from '../fault.ts';
import { expanduser } from '../filters/paths.ts';
import type { Env } from '../library.ts';
import { parseInteger } from '../python/numbers.ts';
import { str } from '../python/text.ts';

/** All places where `name` is looked for, nearest first. */
export function placesOf(env: Env, name: string, kinds: readonly string[]): string[] {
  const path = expanduser(name);
  if (isAbsolute(path)) return [path];
  const places: string[] = [];
  for (const folder of env.context.searchPath) {
    for (const kind of [...kinds, '']) places.push(join(folder, kind, path));
  }
  return [...new Set(places)];
}

/** The file, or undefined when it is in none of its places. */
export function locate(env: Env, name: string, kinds: readonly string[]): string | undefined {
  return placesOf(env, name, kinds).find((place) => existsSync(place));
}

/** The file; a Fault that names it when it is not there. */
export function needFile(env: Env, lookup: string, name: string, kinds: readonly string[]): string {
  const file = locate(env, name, kinds);
  if (file !== undefined) return file;
  const searched = placesOf(env, name, kinds).join('\n\t');
  throw new Fault(
    'LookupError',
    `Unable to access the file '${name}' for the lookup '${lookup}'. Could not find it in:\n\t${searched}`,
  );
}

/** A file's text; vaulted ones are decrypted. */
export function readText(env: Env, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault('LookupError', `could not read ${file}: ${(error as Error).message}`);
  }
  return text.startsWith('$ANSIBLE_VAULT;') ? env.context.services.unvault(text, { file, line: 1, column: 1 }) : text;
}

/** An option as text. */
export function textOption(options: ReadonlyMap<string, Value>, name: string, fallback: string): string;
export function textOption(options: ReadonlyMap<string, Value>, name: string): string | undefined;
export function textOption(options: ReadonlyMap<string, Value>, name: string, fallback?: string): string | undefined {
  const value = options.get(name);
  return value === undefined || value === null ? fallback : str(value);
}

/** An option as Ansible reads a bool. */
export function boolOption(options: ReadonlyMap<string, Value>, name: string, fallback: boolean): boolean {
  const value = options.get(name);
  if (value === undefined || value === null) return fallback;
  return /^(true|yes|on|1|y|t)$/i.test(str(value));
}

/** `key=value` words after the first of a term, as csvfile, ini and password take them, laid over the options. */
export function inlineOptions(
  term: Value,
  options: ReadonlyMap<string, Value>,
  known: readonly string[],
): { readonly word: string; readonly options: Map<string, Value> } {
  const merged = new Map(options);
  if (isDict(term)) return { word: str(term), options: merged };
  const words = str(term).split(/\s+/);
  const plain: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    const key = at < 1 ? '' : word.slice(0, at);
    if (known.includes(key)) merged.set(key, word.slice(at + 1));
    else plain.push(word);
  }
  return { word: plain.join(' '), options: merged };
}

/** An option as an int. Throws a ValueError fault for what is none. */
export function intOption(options: ReadonlyMap<string, Value>, name: string, fallback: number): number {
  const value = options.get(name);
  if (value === undefined || value === null) return fallback;
  const number = parseInteger(str(value));
  return number === undefined
    ? valueFault(`the option '${name}' needs an integer, not '${str(value)}'`)
    : Number(number);
}

/** Options that a lookup does not know are left aside, as Ansible does, and told. */
export function warnUnknown(
  env: Env,
  lookup: string,
  options: ReadonlyMap<string, Value>,
  known: readonly string[],
): void {
  for (const name of options.keys())
    if (!known.includes(name))
      env.context.warn(`the lookup '${lookup}' has no option '${name}'; it is ignored`, env.position);
}
