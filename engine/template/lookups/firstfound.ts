// The lookup `first_found`: the first of several files that is there.

import { join } from 'node:path';
import { isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import type { Declared, Options } from '../options.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { locate } from './place.ts';

const OPTIONS: Declared = {
  files: { default: [] },
  paths: { default: [] },
  skip: { type: 'bool', default: false },
};

export const firstFound: Lookup = {
  options: OPTIONS,
  takesUndefined: true,
  run(terms, given, env) {
    const { names, options } = search(terms, given, env);
    const kinds = kindsOf(env);
    for (const name of names) {
      const found = locate(env, name, kinds);
      if (found !== undefined) return [found];
    }
    if (options.flag('skip')) return [];
    throw new Fault('LookupError', 'No file was found when using first_found.', {
      hint: `Searched for: ${names.join(', ')}`,
    });
  },
};

/**
 * The folders beside roles and playbooks that are searched as well: a loop's hang on its action; a call of its own has
 * none in 2.19, while of old it had `files`.
 */
function kindsOf({ context, typing }: Env): string[] {
  if (context.action === undefined) return typing === 'classic' ? ['files'] : [];
  const kind = ['template', 'var'].find((word) => context.action!.includes(word)) ?? 'file';
  return [`${kind}s`];
}

/** The names to search for, in order, and the options that hold at the end: a dict among the terms brings its own. */
function search(terms: readonly Value[], given: Options, env: Env): { names: string[]; options: Options } {
  let options = given;
  const names: string[] = [];
  const add = (files: Value): void => {
    const folders = words(options.value('paths'), /[,:;]/, env);
    for (const name of words(files, /[,;]/, env)) {
      if (folders.length === 0) names.push(name);
      for (const folder of folders) names.push(join(folder, name));
    }
  };
  const visit = (term: Value): void => {
    if (isDict(term)) {
      options = options.instead(new Map([...term].map(([key, value]) => [str(key), value])));
      add(options.value('files'));
    } else if (Array.isArray(term) || term instanceof Tuple) {
      for (const item of Array.isArray(term) ? term : term.items) visit(item);
    } else add(term);
  };
  for (const term of terms) visit(term);
  if (terms.length === 0) add(options.value('files'));
  return { names, options };
}

/** The words of a text or list. A loop passes by what is undefined in it; a call of its own does not. */
function words(value: Value, between: RegExp, env: Env): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => words(item, between, env));
  if (value instanceof Tuple) return value.items.flatMap((item) => words(item, between, env));
  if (value instanceof Undefined) return env.context.action === undefined ? value.trip() : [];
  if (!isText(value))
    throw new Fault(
      'LookupError',
      `Invalid term supplied. A string, dict or list is required, not '${typeName(value)}').`,
    );
  return str(value)
    .split(between)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
