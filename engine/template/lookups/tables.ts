// Lookups of single values in tables: ini and properties files, comma separated values.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { DIALECTS, readCsv } from '../python/csv.ts';
import { interpolate, readIni } from '../python/ini.ts';
import { compile } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { boolOption, inlineOptions, intOption, needFile, readText, textOption, warnUnknown } from './place.ts';

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
    warnUnknown(env, 'ini', given, INI_OPTIONS);
    return terms.flatMap((term) => {
      const { word: key, options } = inlineOptions(term, given, INI_OPTIONS);
      const lowerKeys = !boolOption(options, 'case_sensitive', false);
      const [name, section] = sectionOf(options, lowerKeys, env);
      const read = (value: Value): Value[] => {
        if (value === null) return [];
        const plain = !boolOption(options, 'interpolation', true) || !isText(value);
        return [plain ? value : interpolate(str(value), section, lowerKeys)];
      };
      if (boolOption(options, 're', false)) {
        const pattern = compile(key);
        return [...section]
          .filter(([each]) => pattern.match(str(each)) !== undefined)
          .flatMap(([, value]) => read(value));
      }
      const value = section.get(lowerKeys ? key.toLowerCase() : key);
      if (value !== undefined) return read(value);
      const fallback = options.get('default');
      if (fallback === null) throw new Fault('KeyError', `No option '${key}' in section: '${name}'`);
      return [fallback ?? ''];
    });
  },
};

/** The section that the options ask for, by its name. Throws where the file has none of that name. */
function sectionOf(options: ReadonlyMap<string, Value>, lowerKeys: boolean, env: Env): [string, Dict] {
  const kind = textOption(options, 'type', 'ini');
  if (kind !== 'ini' && kind !== 'properties') valueFault(`Invalid value '${kind}' for the option 'type' of 'ini'`);
  const file = textOption(options, 'file', 'ansible.ini');
  const text = readText(env, needFile(env, 'ini', file, ['files']));
  const name = kind === 'properties' ? 'java_properties' : textOption(options, 'section', 'global');
  const allowNoValue = boolOption(options, 'allow_no_value', boolOption(options, 'allow_none', false));
  const sections = readIni(kind === 'properties' ? `[java_properties]\n${text}` : text, { lowerKeys, allowNoValue });
  const section = sections.get(name);
  if (section === undefined || !isDict(section)) throw new Fault('KeyError', `No section '${name}' in '${file}'.`);
  return [name, section];
}

const CSV_OPTIONS = ['col', 'default', 'delimiter', 'file', 'encoding', 'keycol'];

const csvfile: Lookup = {
  run(terms, given, env) {
    warnUnknown(env, 'csvfile', given, CSV_OPTIONS);
    return terms.flatMap((term) => {
      if (!isText(term)) typeFault(`the key of csvfile must be text, not '${typeName(term)}'`);
      const { word: key, options } = inlineOptions(term, given, CSV_OPTIONS);
      if (key === '') throw new Fault('LookupError', 'Search key is required but was not found');
      const named = textOption(options, 'delimiter', 'TAB');
      const delimiter = named === 'TAB' || named === '\\t' ? '\t' : named;
      if (Array.from(delimiter).length !== 1) typeFault('"delimiter" must be a 1-character string');
      const [column, keyColumn] = [intOption(options, 'col', 1), intOption(options, 'keycol', 0)];
      const path = needFile(env, 'csvfile', textOption(options, 'file', 'ansible.csv'), ['files']);
      for (const row of readCsv(readText(env, path), { ...DIALECTS['excel']!, delimiter }))
        if (row.length > 0 && field(row, keyColumn) === key) return [field(row, column)];
      const fallback = options.get('default');
      return fallback === undefined || fallback === null ? [] : [fallback];
    });
  },
};

function field(row: readonly string[], column: number): string {
  const value = row.at(column);
  if (value === undefined) throw new Fault('IndexError', 'list index out of range');
  return value;
}

export const tableLookups: readonly (readonly [string, Lookup])[] = [
  ['ini', ini],
  ['csvfile', csvfile],
];
