// `key=value` words within a term, as lookups take them beside options given by their names.

import type { Value } from '../../model/value.ts';

export interface KeyValues {
  /** The words that are no pair, as written. */
  readonly rest: string;
  readonly pairs: ReadonlyMap<string, Value>;
}

const WORD = /(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\{\{.*?\}\}|\\.|[^\s])+/gs;

/** Reads the words of a term; quotes hold a value together and are taken off it. */
export function keyValues(text: string): KeyValues {
  const pairs = new Map<string, Value>();
  const rest: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    const pair = /^([^=]*?[^=\\])=(.*)$/s.exec(word);
    if (pair === null) rest.push(word);
    else pairs.set(pair[1]!.trim(), unquoted(pair[2]!));
  }
  return { rest: pairs.size === 0 ? text : rest.join(' '), pairs };
}

function unquoted(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted === null ? text : quoted[2]!;
}
