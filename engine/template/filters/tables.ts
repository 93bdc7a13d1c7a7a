// community.general's from_csv, from_ini and to_ini.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { DIALECTS, type Dialect, readCsv } from '../python/csv.ts';
import { readIni, writeIni } from '../python/ini.ts';
import { isNumeric } from '../python/numbers.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, flag, refuse, text } from './define.ts';

function fromCsv(input: Value, [dialectName, fieldNames, delimiter, skipInitialSpace, strict]: Bound): Value {
  const name = text(dialectName, 'excel');
  const known = Object.hasOwn(DIALECTS, name) ? DIALECTS[name] : undefined;
  if (known === undefined) refuse(`Dialect '${name}' is not supported by your version of python.`);
  const dialect: Dialect = {
    delimiter: text(delimiter, known.delimiter),
    skipInitialSpace: flag(skipInitialSpace ?? undefined, known.skipInitialSpace),
    strict: flag(strict ?? undefined, known.strict),
  };
  const rows = readCsv(str(input), dialect).filter((row) => row.length > 0);
  const header = Array.isArray(fieldNames) ? fieldNames.map(str) : (rows.shift() ?? []);
  return rows.map((row): Dict => {
    const dict: Dict = new Map(header.map((field, i) => [field, row[i] ?? null]));
    if (row.length > header.length) dict.set(null, row.slice(header.length));
    return dict;
  });
}

function fromIni(input: Value): Value {
  if (!isText(input)) refuse(`from_ini requires a str, got ${typeName(input)}`);
  return readIni(str(input));
}

function toIni(input: Value): Value {
  if (!isDict(input)) refuse(`to_ini requires a dict, got ${typeName(input)}`);
  if (input.size === 0) refuse('to_ini received an empty dict. An empty dict cannot be converted.');
  for (const [section, options] of input)
    if (!isDict(options)) refuse(`to_ini failed to parse given dict: the section ${repr(section)} is no dictionary`);
  for (const options of input.values())
    for (const value of (options as Dict).values())
      if (!isText(value) && !isNumeric(value))
        refuse('to_ini failed to parse given dict: option values must be strings');
  return writeIni(input);
}

export const tables: FilterTable = [
  filter('from_csv', ['dialect?', 'fieldnames?', 'delimiter?', 'skipinitialspace?', 'strict?'], fromCsv),
  filter('from_ini', [], fromIni),
  filter('to_ini', [], toIni),
];
