// The variables of -e: `key=value` pairs, YAML or JSON text, or @FILE; later ones win.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PlaybookError, UsageError } from '../model/errors.ts';
import { type Dict, isDict, type Value } from '../model/value.ts';
import { splitFreeForm } from '../parse/freeform.ts';
import { parseYaml, type YamlHooks } from '../parse/yaml.ts';

/** What stands for a file in messages about the text of an option. */
export const OPTION_FILE = "<option '-e'>";

/** All extra variables. Throws PlaybookError (4) for bad YAML, UsageError (1) for a file that cannot be read. */
export function readExtraVars(texts: readonly string[], cwd: string, hooks: YamlHooks): Dict {
  const all: Dict = new Map();
  for (const text of texts) for (const [name, value] of readOne(text, cwd, hooks)) all.set(name, value);
  return all;
}

function readOne(text: string, cwd: string, hooks: YamlHooks): Dict {
  if (text.startsWith('@')) {
    const file = resolve(cwd, text.slice(1));
    return asDict(parseYaml(read(file), file, hooks).value, text);
  }
  if (/^\s*[[{]/.test(text)) return asDict(parseYaml(text, OPTION_FILE, hooks).value, text);
  const position = { file: OPTION_FILE, line: 1, column: 1 };
  const { args, raw } = splitFreeForm(text, false, position);
  if (raw !== '' && args.size === 0) return asDict(parseYaml(text, OPTION_FILE, hooks).value, text);
  return args;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The file of extra variables ${file} cannot be read: ${(error as Error).message}`, {
      exitCode: 1,
      hint: 'Give -e @FILE with a path from the current folder.',
    });
  }
}

function asDict(value: Value, text: string): Dict {
  if (value === null) return new Map();
  if (isDict(value)) return value;
  throw new PlaybookError(`-e takes a dictionary of variables, '${text}' is none`, {
    exitCode: 4,
    hint: 'Write -e key=value, -e \'{"key": "value"}\' or -e @FILE.',
  });
}
