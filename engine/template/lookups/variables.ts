// Lookups of what the run knows: variables, environment, settings, inventory; and of programs and pages.

import { spawnSync } from 'node:child_process';
import type { Value } from '../../model/value.ts';
import { fromJson } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { compile } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined, UndefinedFault } from '../undefined.ts';
import { boolOption, textOption, warnUnknown } from './place.ts';

/** Longest output that `pipe` and `lines` take, bytes. */
const MOST_OUTPUT = 64 * 2 ** 20;

const vars: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'vars', options, ['default']);
    return terms.map((term) => {
      if (!isText(term)) throw new Fault('LookupError', `Variable name must be 'str' not '${typeName(term)}'.`);
      const name = str(term);
      const value = env.variable(name);
      if (value !== undefined) return value;
      const fallback = options.get('default');
      if (fallback !== undefined && fallback !== null) return fallback;
      throw new UndefinedFault(new Undefined(`No variable named '${name}' was found.`, name));
    });
  },
};

const varnames: Lookup = {
  run(terms, _options, env) {
    const names = [...env.variableNames()];
    return terms.flatMap((term) => {
      if (!isText(term))
        throw new Fault(
          'LookupError',
          `Invalid setting identifier, "${str(term)}" is not a string, it is a ${typeName(term)}`,
        );
      const pattern = compile(str(term));
      return names.filter((name) => pattern.search(name) !== undefined && pattern.search(name) !== null);
    });
  },
};

const env: Lookup = {
  run(terms, options, outer) {
    warnUnknown(outer, 'env', options, ['default']);
    return terms.map((term) => {
      const name = str(term).split(/\s+/)[0] ?? '';
      const value = process.env[name] ?? options.get('default');
      return value === undefined ? '' : value;
    });
  },
};

const config: Lookup = {
  run(terms, options, env) {
    const { context } = env;
    warnUnknown(env, 'config', options, ['on_missing', 'plugin_type', 'plugin_name', 'show_origin']);
    const missing = textOption(options, 'on_missing', 'error');
    if (options.has('plugin_type') || options.has('plugin_name'))
      throw new Fault(
        'LookupError',
        "the lookup 'config' answers for the settings of the engine only; plugin_type and plugin_name are not supported",
      );
    return terms.flatMap((term) => {
      const value = context.services.setting(str(term));
      if (value !== undefined)
        return [boolOption(options, 'show_origin', false) ? [fromJson(value), 'default'] : fromJson(value)];
      if (missing === 'skip') return [];
      const message = `Unable to find setting ${str(term)}`;
      if (missing === 'error') throw new Fault('LookupError', message);
      context.warn(`Skipping, did not find setting ${str(term)}`);
      return [];
    });
  },
};

const inventoryHostnames: Lookup = {
  run: (terms, _options, { context }) => [...context.services.matchHosts(terms.map(str).join(','))],
};

function shell(command: string, cwd: string, lookup: string): string {
  const run = spawnSync('/bin/sh', ['-c', command], {
    cwd,
    maxBuffer: MOST_OUTPUT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.error !== undefined)
    throw new Fault('LookupError', `lookup_plugin.${lookup}(${command}) failed: ${run.error.message}`);
  if (run.status !== 0)
    throw new Fault('LookupError', `lookup_plugin.${lookup}(${command}) returned ${run.status ?? run.signal}`);
  return run.stdout;
}

const pipe: Lookup = {
  run: (terms, _options, { context }) => terms.map((term) => shell(str(term), context.basedir, 'pipe').trimEnd()),
};

const lines: Lookup = {
  run: (terms, _options, { context }) =>
    terms.flatMap((term): Value[] => {
      const text = shell(str(term), context.basedir, 'lines');
      return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
    }),
};

export const runLookups: readonly (readonly [string, Lookup])[] = [
  ['vars', vars],
  ['varnames', varnames],
  ['env', env],
  ['config', config],
  ['inventory_hostnames', inventoryHostnames],
  ['pipe', pipe],
  ['lines', lines],
];
