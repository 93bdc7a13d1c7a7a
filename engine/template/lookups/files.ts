// Lookups that read files of the controller.

import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { pathOf } from '../filters/paths.ts';
import { globSync } from '../glob.ts';
import type { Env, Lookup } from '../library.ts';
import { iterate } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { boolOption, locate, needFile, placesOf, readText, textOption, warnUnknown } from './place.ts';

const file: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'file', options, ['lstrip', 'rstrip']);
    return terms.map((term) => {
      let text = readText(env, needFile(env, 'file', str(term), ['files']));
      if (boolOption(options, 'lstrip', false)) text = text.trimStart();
      if (boolOption(options, 'rstrip', true)) text = text.trimEnd();
      return text;
    });
  },
};

const fileglob: Lookup = {
  run(terms, _options, env) {
    return terms.flatMap((term) => {
      const pattern = pathOf(term);
      const folder = dirname(pattern);
      const roots = isAbsolute(pattern) ? [folder] : placesOf(env, folder === '.' ? '' : folder, ['files']);
      for (const root of roots) {
        const found = globSync(escapeBraces(basename(pattern)), {
          cwd: root,
          onlyFiles: true,
          dot: basename(pattern).startsWith('.'),
          followSymbolicLinks: true,
          suppressErrors: true,
        });
        if (found.length > 0) return found.map((name) => join(root, name));
      }
      return [];
    });
  },
};

/** Python's glob knows no braces and no extended patterns. */
function escapeBraces(pattern: string): string {
  return pattern.replace(/[{}()!+@]/g, '\\$&');
}

const KINDS = ['files', 'templates', 'vars', 'tasks'];

/** Mirrors first_found: strings are files; dicts and options name files, paths and skip. */
const firstFound: Lookup = {
  takesUndefined: true,
  run(terms, options, env) {
    warnUnknown(env, 'first_found', options, ['files', 'paths', 'skip']);
    let skip = boolOption(options, 'skip', false);
    const names: string[] = [];
    const combine = (files: Value | undefined, paths: Value | undefined): void => {
      const folders = words(paths, /[,:;]/);
      for (const name of words(files, /[,;]/)) {
        if (folders.length === 0) names.push(name);
        for (const folder of folders) names.push(join(folder, name));
      }
    };
    const visit = (term: Value): void => {
      if (isDict(term)) {
        const inner = term.get('skip');
        if (inner !== undefined) skip = boolOption(new Map([['skip', inner]]), 'skip', skip);
        if (term.has('files')) combine(term.get('files'), term.get('paths') ?? options.get('paths'));
        else names.push(...words(term.get('paths'), /[,:;]/));
      } else if (Array.isArray(term) || term instanceof Tuple) {
        for (const item of Array.isArray(term) ? term : term.items) visit(item);
      } else if (isText(term)) combine(str(term), options.get('paths'));
    };
    for (const term of terms) visit(term);
    if (options.has('files')) combine(options.get('files'), options.get('paths'));
    for (const name of names) {
      const found = locate(env, name, KINDS);
      if (found !== undefined) return [found];
    }
    if (skip) return [];
    throw new Fault(
      'LookupError',
      `No file was found when using first_found.${names.length > 0 ? ` Tried: ${names.join(', ')}` : ''}`,
    );
  },
};

function words(value: Value | undefined, between: RegExp): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) || value instanceof Tuple) return iterate(value).flatMap((item) => words(item, between));
  if (!isText(value)) return [];
  return str(value)
    .split(between)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

const TEMPLATE_OPTIONS = [
  'variable_start_string',
  'variable_end_string',
  'comment_start_string',
  'comment_end_string',
  'template_vars',
  'convert_data',
  'jinja2_native',
  'trim_blocks',
];

const template: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'template', options, TEMPLATE_OPTIONS);
    const vars = options.get('template_vars');
    return terms.map((term) => {
      const path = needFile(env, 'template', str(term), ['templates']);
      const text = env.renderFile(readText(env, path), {
        file: path,
        trimBlocks: boolOption(options, 'trim_blocks', true),
        ...optional('variableStart', textOption(options, 'variable_start_string')),
        ...optional('variableEnd', textOption(options, 'variable_end_string')),
        ...optional('commentStart', textOption(options, 'comment_start_string')),
        ...optional('commentEnd', textOption(options, 'comment_end_string')),
        vars: new Map<Value, Value>([
          ...(isDict(vars ?? null) ? (vars as Dict) : []),
          ['template_path', path],
          ['template_fullpath', path],
        ]),
      });
      // In classic typing what looks like a structure is one, unless convert_data says otherwise; a filter knows how.
      return env.typing === 'classic' && boolOption(options, 'convert_data', true) && /^\s*[[{]/.test(text)
        ? converted(env, text)
        : text;
    });
  },
};

function converted(env: Env, text: string): Value {
  try {
    return env.filter('from_yaml', text);
  } catch {
    return text;
  }
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

const unvault: Lookup = {
  run: (terms, _options, env) => terms.map((term) => readText(env, needFile(env, 'unvault', str(term), ['files']))),
};

/** community.general.binary_file: a file's bytes as base64. */
const binaryFile: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'binary_file', options, ['not_exist']);
    const missing = textOption(options, 'not_exist', 'error');
    return terms.map((term) => {
      const path =
        missing === 'error' ? needFile(env, 'binary_file', str(term), ['files']) : locate(env, str(term), ['files']);
      if (path === undefined) return missing === 'empty_str' ? 'empty' : '';
      return readFileSync(path).toString('base64');
    });
  },
};

/** community.general.filetree: every file, folder and link beneath, as with_filetree loops over them. */
const filetree: Lookup = {
  run(terms, _options, env) {
    const seen = new Map<string, Value>();
    for (const term of terms) {
      const root = needFile(env, 'filetree', str(term).replace(/\/$/, ''), ['files']);
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
  ['fileglob', fileglob],
  ['first_found', firstFound],
  ['template', template],
  ['unvault', unvault],
  ['binary_file', binaryFile],
  ['filetree', filetree],
];
