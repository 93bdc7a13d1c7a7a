// `-e`: `k=v` words, JSON or YAML text, or `@file`, later ones over earlier ones.

import { UsageError } from '../model/errors.ts';
import { type Dict, isDict, trusted, type Value } from '../model/value.ts';

export interface ExtraVarsReader {
  /** One YAML or JSON text's value; throws PlaybookError. */
  parse(text: string): Value;
  /** One file's value; throws PlaybookError. */
  read(file: string): Value;
  warn(message: string): void;
  /** Words of `k=v` text, quotes taken away; throws PlaybookError. */
  split(text: string): ReadonlyMap<Value, Value>;
}

/**
 * The extra vars of a command line.
 * @throws UsageError when an option holds no variables; PlaybookError when its text or file cannot be read
 */
export function parseExtraVars(options: readonly string[], reader: ExtraVarsReader): Dict {
  const all: Dict = new Map();
  for (const option of options) for (const [name, value] of parseOne(option, reader)) all.set(name, value);
  return all;
}

function parseOne(option: string, reader: ExtraVarsReader): ReadonlyMap<Value, Value> {
  const text = option.trim();
  if (text === '') return new Map();
  if (text.startsWith('@')) return asDict(reader.read(text.slice(1)), option);
  if (/^[{[]/.test(text)) return asDict(reader.parse(text), option);
  if (text.startsWith('/') || text.startsWith('.'))
    throw new UsageError(`Please prepend extra_vars filename '${text}' with '@'`, { hint: `Write -e @${text}` });
  const vars = reader.split(text);
  if (vars.size === 0) {
    const value = reader.parse(text);
    if (isDict(value)) return value;
    reader.warn(`The extra variables '${option}' are neither key=value nor a dictionary: they set nothing.`);
  }
  return new Map([...vars].map(([name, value]) => [name, typeof value === 'string' ? trusted(value) : value]));
}

function asDict(value: Value, option: string): Dict {
  if (value === null) return new Map();
  if (isDict(value)) return value;
  throw new UsageError(`Invalid extra vars data supplied. '${option}' could not be made into a dictionary`);
}
