// Lookups that read files of the controller.

import { isAbsolute, posix } from 'node:path';
import { pathOf } from '../filters/paths.ts';
import { globSync } from '../glob.ts';
import type { Lookup } from '../library.ts';
import { repr } from '../python/text.ts';
import { locate, needFile, readBytes, readText } from './place.ts';

/** Said of `file` where it is missing; others say it in their own words. */
const accessible = (name: string): string => `Unable to access the file ${repr(name)}: File not found.`;

const file: Lookup = {
  options: { lstrip: { type: 'bool', default: false }, rstrip: { type: 'bool', default: true } },
  run(terms, options, env) {
    return terms.map((term) => {
      let text = readText(env, needFile(env, term, ['files'], accessible));
      if (options.flag('lstrip')) text = text.trimStart();
      if (options.flag('rstrip')) text = text.trimEnd();
      return text;
    });
  },
};

const unvault: Lookup = {
  options: {},
  run: (terms, _options, env) =>
    terms.map((term) =>
      readText(
        env,
        needFile(env, term, ['files'], (name) => `Unable to find file matching "${name}"`),
      ),
    ),
};

const fileglob: Lookup = {
  options: {},
  run(terms, _options, env) {
    return terms.flatMap((term) => {
      const pattern = pathOf(term);
      const name = posix.basename(pattern);
      if (name === '') return [];
      const folder = pattern.slice(0, pattern.length - name.length).replace(/(?<=.)\/$/, '');
      const roots = isAbsolute(pattern)
        ? [folder]
        : env.context.searchPath.flatMap((place) => [`${place}/files`, place].map((root) => join2(root, folder)));
      for (const root of new Set(roots)) {
        const found = globSync(asGlob(name), {
          cwd: root,
          onlyFiles: true,
          dot: name.startsWith('.'),
          followSymbolicLinks: true,
          suppressErrors: true,
        });
        if (found.length > 0) return found.sort().map((each) => join2(root, each));
      }
      return [];
    });
  },
};

/** Joined as written: what came from the term stays as it is. */
function join2(folder: string, name: string): string {
  return name === '' ? folder : `${folder.replace(/\/$/, '')}/${name}`;
}

/** Python's glob knows no braces and no extended patterns, and `[!a]` for all but `a`. */
function asGlob(pattern: string): string {
  return pattern.replaceAll('[!', '[^').replace(/[{}()!+@]/g, '\\$&');
}

/** community.general.binary_file: a file's bytes as base64. */
const binaryFile: Lookup = {
  options: { not_exist: { type: 'str', default: 'error', choices: ['error', 'empty', 'empty_str'] } },
  run(terms, options, env) {
    const missing = options.text('not_exist');
    return terms.map((term) => {
      const told = (name: string): string => `Could not locate file in community.general.binary_file lookup: ${name}`;
      const path = missing === 'error' ? needFile(env, term, ['files'], told) : locate(env, pathOf(term), ['files']);
      // The name of the choice and what it gives do not agree in the collection either.
      if (path === undefined) return missing === 'empty_str' ? 'empty' : '';
      return readBytes(path).toString('base64');
    });
  },
};

export const fileLookups: readonly (readonly [string, Lookup])[] = [
  ['file', file],
  ['unvault', unvault],
  ['fileglob', fileglob],
  ['binary_file', binaryFile],
];
