// Lookups of single values in tables: ini and properties files, comma separated values.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import type { Declared, Options } from '../options.ts';
import { decodeBytes } from '../python/codecs.ts';
import { DIALECTS, readCsv } from '../python/csv.ts';
import { interpolate, readIni } from '../python/ini.ts';
import { compile } from '../python/regex.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { keyValues } from './keyvalue.ts';
import { needFile, readBytes, readText } from './place.ts';

const INI_OPTIONS: Declared = {
  type: { default: 'ini', choices: ['ini', 'properties'] },
  file: { default: 'ansible.ini' },
  section: { default: 'global' },
  re: { type: 'bool', default: false },
  encoding: { default: 'utf-8' },
  default: { default: '' },
  case_sensitive: { type: 'bool', default: false },
  allow_no_value: { type: 'bool', default: false, aliases: ['allow_none'] },
  interpolation: { type: 'bool', default: true },
};

const ini: Lookup = {
  options: INI_OPTIONS,
  run(terms, given, env) {
    // What a term says of an option holds for those after it as well.
    let options = given;
    return terms.flatMap((term) => {
      const { key, pairs } = iniTerm(term);
      options = options.with(pairs);
      const section = sectionOf(options, env);
      const read = (name: Value, value: Value): Value => {
        if (!options.flag('interpolation') || !isText(value)) return value;
        const stands = { text: str(value), section: section.name, option: str(name) };
        return interpolate(stands, section.options, !options.flag('case_sensitive'));
      };
      if (options.flag('re')) {
        const pattern = compile(key);
        const all = [...section.options].map(([name, value]) => [str(name), read(name, value) ?? ''] as const);
        return all.filter(([name]) => pattern.match(name) !== undefined).map(([, value]) => value);
      }
      const name = options.flag('case_sensitive') ? key : key.toLowerCase();
      const value = section.options.get(name);
      return listed(value === undefined ? options.value('default') : read(name, value));
    });
  },
};

/** A value as answers: a list is several, None is none. */
function listed(value: Value): Value[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** `key option=value ...`: a value goes on to the next option that there is. */
function iniTerm(term: Value): { key: string; pairs: ReadonlyMap<string, Value> } {
  if (!isText(term)) return typeFault(`the key of ini must be text, not '${typeName(term)}'`);
  const text = str(term);
  const starts = [...text.matchAll(/(?<=^|\s)(\w+)=/g)].filter(([, name]) =>
    ['allow_none', ...Object.keys(INI_OPTIONS)].includes(name!),
  );
  const key = text.slice(0, starts[0]?.index).trim();
  if (starts.length > 0 && key === '')
    throw new Fault(
      'LookupError',
      `No key to look up was provided as first term within string inline options: ${text}`,
    );
  const unknown = /^(.*?)=/.exec(key)?.[1];
  if (unknown !== undefined) throw new Fault('LookupError', `'${unknown}' is not a valid option.`);
  const pairs = new Map<string, Value>();
  for (const [index, start] of starts.entries())
    pairs.set(start[1]!, text.slice(start.index + start[0].length, starts[index + 1]?.index).trim());
  return { key, pairs };
}

interface Section {
  readonly name: string;
  readonly options: Dict;
}

/** The section that the options ask for. Throws where the file has none of that name. */
function sectionOf(options: Options, env: Env): Section {
  const isProperties = options.text('type') === 'properties';
  const file = options.text('file')!;
  const path = needFile(env, file, ['files'], (name) => `Invalid filename ${repr(name)}.`);
  const text = readText(env, path, options.text('encoding'));
  const name = isProperties ? 'java_properties' : options.text('section')!;
  const sections = readIni(isProperties ? `[java_properties]\n${text}` : text, {
    lowerKeys: !options.flag('case_sensitive'),
    allowNoValue: options.flag('allow_no_value'),
    file,
  });
  const section = sections.get(name) ?? null;
  if (!isDict(section)) throw new Fault('KeyError', `No section '${name}' in '${file}'.`);
  return { name, options: section };
}

const CSV_OPTIONS: Declared = {
  col: { type: 'int', default: 1 },
  default: {},
  delimiter: { default: 'TAB' },
  file: { default: 'ansible.csv' },
  encoding: { default: 'utf-8' },
  keycol: { type: 'int', default: 0 },
};

const csvfile: Lookup = {
  options: CSV_OPTIONS,
  run(terms, given, env) {
    if (terms.length === 0 && env.typing === 'modern')
      throw new Fault('LookupError', 'Search key is required but was not found');
    let options = given;
    return terms.flatMap((term) => {
      if (!isText(term)) typeFault(`the key of csvfile must be text, not '${typeName(term)}'`);
      const { rest: key, pairs } = keyValues(str(term));
      if (key === '') throw new Fault('LookupError', 'Search key is required but was not found');
      for (const name of pairs.keys())
        if (!Object.hasOwn(CSV_OPTIONS, name)) throw new Fault('LookupError', `'${name}' is not a valid option`);
      options = options.with(pairs);
      const [column, keyColumn] = [options.number('col'), options.number('keycol')];
      for (const row of rowsOf(options, env))
        if (row.length > 0 && field(row, keyColumn) === key) return [field(row, column)];
      return listed(options.value('default'));
    });
  },
};

function rowsOf(options: Options, env: Env): string[][] {
  const named = options.text('delimiter')!;
  // A backslash and a `t` as they stand in a playbook's text; a tab itself is one too.
  const delimiter = named === 'TAB' || named === '\\t' ? '\t' : named;
  if (Array.from(delimiter).length !== 1) typeFault('"delimiter" must be a 1-character string');
  const path = needFile(env, options.text('file')!, ['files'], (name) => `No such file or directory: ${repr(name)}`);
  return readCsv(decodeBytes(readBytes(path), options.text('encoding')!, 'strict'), {
    ...DIALECTS['excel']!,
    delimiter,
  });
}

function field(row: readonly string[], column: number): string {
  const value = row.at(column);
  if (value === undefined) throw new Fault('IndexError', 'list index out of range');
  return value;
}

export const tableLookups: readonly (readonly [string, Lookup])[] = [
  ['ini', ini],
  ['csvfile', csvfile],
];
