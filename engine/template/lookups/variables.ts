// Lookups of what the run knows: variables, environment, inventory; and of programs.

import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { OMIT, type Value } from '../../model/value.ts';
import type { Pattern } from '../../regex/pattern.ts';
import { Fault, typeFault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { decodeBytes } from '../python/codecs.ts';
import { compile } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined, UndefinedFault } from '../undefined.ts';

/** Longest output that `pipe` and `lines` take, bytes. */
const MOST_OUTPUT = 64 * 2 ** 20;

const vars: Lookup = {
  options: { default: {} },
  run(terms, options, env) {
    return terms.map((term) => {
      if (!isText(term)) throw new Fault('LookupError', `Variable name must be 'str' not '${typeName(term)}'.`);
      const name = str(term);
      const value = env.variable(name);
      if (value !== undefined && value !== OMIT) return value;
      const fallback = options.value('default');
      if (fallback !== null) return fallback;
      throw new UndefinedFault(new Undefined(`No variable named '${name}' was found.`, name));
    });
  },
};

const varnames: Lookup = {
  options: {},
  run(terms, _options, env) {
    const names = [...env.variableNames()];
    return terms.flatMap((term) => {
      if (!isText(term))
        throw new Fault(
          'LookupError',
          `Invalid setting identifier, "${str(term)}" is not a string, it is a <class '${typeName(term)}'>`,
        );
      const pattern = searched(str(term));
      return names.filter((name) => pattern.test(name));
    });
  },
};

function searched(text: string): Pattern {
  try {
    return compile(text);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'LimitError') throw error;
    throw new Fault('LookupError', `Unable to use "${text}" as a search parameter: ${error.message}`, { cause: error });
  }
}

const env: Lookup = {
  options: { default: { default: '' } },
  run(terms, options) {
    return terms.map((term) => {
      if (!isText(term)) typeFault(`the name of an environment variable must be text, not '${typeName(term)}'`);
      const [name] = str(term).trim().split(/\s+/);
      if (name === '' || name === undefined)
        throw new Fault('IndexError', 'there is no name of an environment variable');
      return process.env[name] ?? options.value('default');
    });
  },
};

const inventoryHostnames: Lookup = {
  options: {},
  run: (terms, _options, { context }) => [...context.services.matchHosts(terms.map(str).join(','))],
};

/** What a command of the controller prints. Throws a Fault where it fails. */
function shell(term: Value, cwd: string, lookup: string): string {
  const command = str(term);
  const run = spawnSync('/bin/sh', ['-c', command], {
    cwd,
    maxBuffer: MOST_OUTPUT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.error !== undefined)
    throw new Fault('LookupError', `lookup_plugin.${lookup}(${command}) failed: ${run.error.message}`);
  const code = run.status ?? -(constants.signals[run.signal!] ?? 0);
  if (code !== 0) throw new Fault('LookupError', `lookup_plugin.${lookup}(${command}) returned ${code}`);
  return decodeBytes(run.stdout, 'utf-8', 'strict');
}

const pipe: Lookup = {
  options: {},
  run: (terms, _options, { context }) => terms.map((term) => shell(term, context.basedir, 'pipe').trimEnd()),
};

const lines: Lookup = {
  options: {},
  run: (terms, _options, { context }) =>
    terms.flatMap((term): Value[] => {
      const text = shell(term, context.basedir, 'lines');
      return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
    }),
};

export const runLookups: readonly (readonly [string, Lookup])[] = [
  ['vars', vars],
  ['varnames', varnames],
  ['env', env],
  ['inventory_hostnames', inventoryHostnames],
  ['pipe', pipe],
  ['lines', lines],
];
