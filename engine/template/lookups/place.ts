// Where lookups find files: beside the role, then beside the playbook, in the subfolder that belongs to the kind.

import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { expanduser, pathOf } from '../filters/paths.ts';
import type { Env } from '../library.ts';
import { decodeBytes } from '../python/codecs.ts';
import { repr } from '../python/text.ts';

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

/** The file; a Fault that says `what` is missing, and where it was searched. */
export function needFile(env: Env, name: Value, kinds: readonly string[], what: (name: string) => string): string {
  const wanted = pathOf(name);
  const file = locate(env, wanted, kinds);
  if (file !== undefined) return file;
  const searched = placesOf(env, wanted, kinds).join('\n\t');
  throw new Fault('LookupError', `${what(repr(wanted))}\nSearched in:\n\t${searched}`);
}

/** A file's bytes. Throws a Fault where they cannot be read. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    const why = isFolder ? 'Is a directory' : (error as Error).message;
    throw new Fault('LookupError', `An error occurred while trying to read the file '${file}': ${why}`, {
      cause: error,
    });
  }
}

/** A file's text; vaulted ones are decrypted. */
export function readText(env: Env, file: string, encoding = 'utf-8'): string {
  const text = decodeBytes(readBytes(file), encoding);
  return text.startsWith('$ANSIBLE_VAULT;') ? env.context.services.unvault(text, { file, line: 1, column: 1 }) : text;
}
