// Lookups that read files of the controller.

import { statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { globSync } from '../glob.ts';
import type { Env, Lookup } from '../library.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { readIni } from './ini.ts';
import { boolOption, inlineOptions, locate, needFile, placesOf, readText, refuseUnknown, textOption } from './place.ts';

const file: Lookup = {
  run(terms, options, env) {
    refuseUnknown('file', options, ['lstrip', 'rstrip']);
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
      const pattern = str(term);
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
    refuseUnknown('first_found', options, ['files', 'paths', 'skip']);
    let skip = boolOption(options, 'skip', false);
    const names: string[] = [];
    const combine = (files: Value | undefined, paths: Value | undefined): void => {
      const folders = words(paths);
      for (const name of words(files)) {
        if (folders.length === 0) names.push(name);
        for (const folder of folders) names.push(join(folder, name));
      }
    };
    const visit = (term: Value): void => {
      if (isDict(term)) {
        const inner = term.get('skip');
        if (inner !== undefined) skip = boolOption(new Map([['skip', inner]]), 'skip', skip);
        if (term.has('files')) combine(term.get('files'), term.get('paths') ?? options.get('paths'));
        else names.push(...words(term.get('paths')));
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

function words(value: Value | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(words);
  if (value instanceof Tuple) return value.items.flatMap(words);
  if (!isText(value)) return [];
  return str(value)
    .split(/[,;]/)
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
  'lstrip_blocks',
];

const template: Lookup = {
  run(terms, options, env) {
    refuseUnknown('template', options, TEMPLATE_OPTIONS);
    const vars = options.get('template_vars');
    return terms.map((term) => {
      const path = needFile(env, 'template', str(term), ['templates']);
      const text = env.renderFile(readText(env, path), {
        file: path,
        trimBlocks: boolOption(options, 'trim_blocks', true),
        lstripBlocks: boolOption(options, 'lstrip_blocks', false),
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
      // What looks like a structure is one, unless convert_data says otherwise; a filter knows how.
      return boolOption(options, 'convert_data', env.typing === 'classic') && /^\s*[[{]/.test(text)
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

const INI_OPTIONS = [
  'type',
  'file',
  'section',
  're',
  'encoding',
  'default',
  'case_sensitive',
  'allow_no_value',
  'allow_none',
  'interpolation',
];

const ini: Lookup = {
  run(terms, given, env) {
    refuseUnknown('ini', given, INI_OPTIONS);
    return terms.flatMap((term) => {
      const { word: key, options } = inlineOptions(term, given, INI_OPTIONS);
      const kind = textOption(options, 'type', 'ini');
      const path = needFile(env, 'ini', textOption(options, 'file', 'ansible.ini'), ['files']);
      const sections = readIni(
        readText(env, path),
        kind === 'properties',
        boolOption(options, 'case_sensitive', false),
      );
      const section = sections.get(
        kind === 'properties' ? 'java_properties' : textOption(options, 'section', 'global'),
      );
      const wanted = boolOption(options, 'case_sensitive', false) ? key : key.toLowerCase();
      if (boolOption(options, 're', false)) {
        const pattern = new RegExp(key, 'i');
        return [...(section ?? [])].filter(([name]) => pattern.test(name)).map(([, value]) => value);
      }
      const value = section?.get(wanted) ?? options.get('default') ?? '';
      return [value];
    });
  },
};

const CSV_OPTIONS = ['col', 'default', 'delimiter', 'file', 'encoding', 'keycol'];

const csvfile: Lookup = {
  run(terms, given, env) {
    refuseUnknown('csvfile', given, CSV_OPTIONS);
    return terms.flatMap((term) => {
      const { word: key, options } = inlineOptions(term, given, CSV_OPTIONS);
      if (key === '') throw new Fault('LookupError', 'Search key is required but was not found');
      const delimiter = textOption(options, 'delimiter', 'TAB');
      const separator = delimiter === 'TAB' || delimiter === 't' || delimiter === '\\t' ? '\t' : delimiter;
      const path = needFile(env, 'csvfile', textOption(options, 'file', 'ansible.csv'), ['files']);
      const column = Number(textOption(options, 'col', '1'));
      const keyColumn = Number(textOption(options, 'keycol', '0'));
      const row = csvRows(readText(env, path), separator).find((fields) => fields[keyColumn] === key);
      const value = row?.[column] ?? options.get('default');
      return value === undefined ? [] : [value];
    });
  },
};

/** Rows of comma separated values, with quoted fields. */
function csvRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const at = text[index]!;
    if (quoted) {
      if (at !== '"') field += at;
      else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else quoted = false;
    } else if (at === '"' && field === '') quoted = true;
    else if (at === separator) {
      row.push(field);
      field = '';
    } else if (at === '\n' || at === '\r') {
      if (at === '\r' && text[index + 1] === '\n') index++;
      rows.push([...row, field]);
      row = [];
      field = '';
    } else field += at;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}

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
  ['ini', ini],
  ['csvfile', csvfile],
  ['filetree', filetree],
];
