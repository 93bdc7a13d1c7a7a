// The lines of files for excerpts, read when a message first needs them; the text of options counts as a file too.

import { readFileSync } from 'node:fs';
import type { ReadLines } from '../report/listener.ts';

/** Reads lines from disk, or from the texts given by name. A file that cannot be read has none. */
export function sourceLines(texts: ReadonlyMap<string, string>): ReadLines {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, load(file, texts));
    return known.get(file);
  };
}

function load(file: string, texts: ReadonlyMap<string, string>): readonly string[] | undefined {
  const text = texts.get(file) ?? fromDisk(file);
  // A vaulted file's own lines would explain nothing.
  if (text === undefined || text.startsWith('$ANSIBLE_VAULT;')) return undefined;
  return text.split(/\r?\n/);
}

function fromDisk(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
