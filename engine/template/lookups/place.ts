// Where lookups find files: beside the role, then beside the playbook, in the subfolder that belongs to the kind.

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { TemplateError } from '../../model/errors.ts';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { expanduser, pathOf } from '../filters/paths.ts';
import type { Env } from '../library.ts';
import { allowText } from '../limits.ts';
import { decodeBytes } from '../python/codecs.ts';

/** Bytes that are read at a time. */
const PIECE = 4 * 2 ** 20;

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
  throw new Fault('LookupError', `${what(wanted)}\nSearched in:\n\t${searched}`);
}

/** A file's bytes. Throws a Fault where they cannot be read, or do not come to an end. */
export function readBytes(file: string): Buffer {
  try {
    return readWhole(file);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    const why = isFolder ? 'Is a directory' : (error as Error).message;
    throw new Fault('LookupError', `An error occurred while trying to read the file '${file}': ${why}`, {
      cause: error,
    });
  }
}

/** Read piece by piece, since devices do not tell how much there is. */
function readWhole(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(fstatSync(handle).size - size, 4096)));
      const count = readSync(handle, piece);
      if (count === 0) return Buffer.concat(pieces, size);
      pieces.push(piece.subarray(0, count));
      size += count;
      allowText(size, `the file ${file}`);
    }
  } finally {
    closeSync(handle);
  }
}

/** A file's text; vaulted ones are decrypted. */
export function readText(env: Env, file: string, encoding = 'utf-8'): string {
  const text = decodeBytes(readBytes(file), encoding);
  if (!text.startsWith('$ANSIBLE_VAULT;')) return text;
  try {
    return env.context.services.unvault(text, { file, line: 1, column: 1 });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    // A fault of the lookup's: its caller may ignore it.
    throw new Fault('LookupError', error.message, {
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
