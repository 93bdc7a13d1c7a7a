// Lookups that read files of the controller.

import { statSync } from 'node:fs';
import { isAbsolute, join, posix } from 'node:path';
import type { Value } from '../../model/value.ts';
import { pathOf } from '../filters/paths.ts';
import { globSync } from '../glob.ts';
import type { Lookup } from '../library.ts';
import { locate, needFile, readBytes, readText } from './place.ts';

/** Said of `file` where it is missing; others say it in their own words. */
const accessible = (name: string): string => `Unable to access the file ${name}: File not found.`;

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
        needFile(env, term, ['files'], (name) => `Unable to find file matching ${name}`),
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
    return terms.flatMap((term) => {
      const path =
        missing === 'error' ? needFile(env, term, ['files'], accessible) : locate(env, pathOf(term), ['files']);
      if (path === undefined) return missing === 'empty_str' ? [''] : [];
      return [readBytes(path).toString('base64')];
    });
  },
};

/** community.general.filetree: every file, folder and link beneath, as with_filetree loops over them. */
const filetree: Lookup = {
  options: { exclude: { type: 'str' } },
  run(terms, _options, env) {
    const seen = new Map<string, Value>();
    for (const term of terms) {
      const root = needFile(env, pathOf(term).replace(/\/$/, ''), ['files'], accessible);
      for (const path of globSync('**', {
        cwd: root,
        dot: true,
        onlyFiles: false,
        followSymbolicLinks: false,
      }).sort()) {
        if (!seen.has(path)) seen.set(path, treeEntry(root, path));
      }
    }
    return [...seen.values()];
  },
};

function treeEntry(root: string, path: string): Value {
  const src = join(root, path);
  const info = statSync(src, { throwIfNoEntry: false });
  const entry = new Map<Value, Value>([
    ['path', path],
    ['root', `${root}/`],
    ['src', src],
    ['state', info?.isDirectory() ? 'directory' : 'file'],
  ]);
  if (info !== undefined) {
    entry.set('mode', `0${(info.mode & 0o7777).toString(8).padStart(3, '0')}`);
    entry.set('uid', info.uid);
    entry.set('gid', info.gid);
    entry.set('size', info.size);
    entry.set('mtime', Math.floor(info.mtimeMs) / 1000);
    entry.set('ctime', Math.floor(info.ctimeMs) / 1000);
  }
  return entry;
}

export const fileLookups: readonly (readonly [string, Lookup])[] = [
  ['file', file],
  ['unvault', unvault],
  ['fileglob', fileglob],
  ['binary_file', binaryFile],
  ['filetree', filetree],
];
