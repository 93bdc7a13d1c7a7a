// community.general's to_prettytable: dicts as the rows of a table in text.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { columnsOf } from '../python/columns.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse } from './define.ts';

type Alignment = 'l' | 'c' | 'r';
const ALIGNMENTS: Readonly<Record<string, Alignment>> = { c: 'c', center: 'c', l: 'l', left: 'l', r: 'r', right: 'r' };

function rowsOf(input: Value): Dict[] {
  if (!Array.isArray(input)) return refuse(`Expected a list of dictionaries, got a ${typeName(input)}`);
  return input.map((row) =>
    isDict(row) ? row : refuse(`Expected all items in the list to be dictionaries, got a ${typeName(row)}`),
  );
}

function names(value: Value | undefined, what: string, most: number): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return refuse(`Expected a list of ${what} names, got a ${typeName(value)}`);
  if (value.length > most) refuse(`there are more ${what} names (${value.length}) than fields in data (${most})`);
  return value.map((each) =>
    isText(each) ? str(each) : refuse(`Expected a string for ${what} name, got a ${typeName(each)}`),
  );
}

function alignmentsOf(value: Value | undefined, most: number): Map<string, Alignment> {
  const found = new Map<string, Alignment>();
  if (value === undefined || value === null) return found;
  if (!isDict(value)) return refuse(`Expected a dictionary for column_alignments, got a ${typeName(value)}`);
  for (const [column, wanted] of value) {
    if (!isText(wanted)) return refuse(`Expected a string for column_alignments value, got a ${typeName(wanted)}`);
    const word = str(wanted).toLowerCase();
    if (!Object.hasOwn(ALIGNMENTS, word))
      refuse(`Invalid alignment '${str(wanted)}'. Valid alignments are: ${Object.keys(ALIGNMENTS).join(', ')}`);
    found.set(str(column), ALIGNMENTS[word]!);
  }
  if (found.size > most) refuse(`there are more alignments (${found.size}) than fields in data (${most})`);
  return found;
}

function justify(words: string, width: number, alignment: Alignment): string {
  const room = width - columnsOf(words);
  if (alignment === 'l') return words + ' '.repeat(room);
  if (alignment === 'r') return ' '.repeat(room) + words;
  // An odd blank goes behind a text of odd width, before one of even width.
  const before = columnsOf(words) % 2 === 1 ? Math.floor(room / 2) : Math.ceil(room / 2);
  return ' '.repeat(before) + words + ' '.repeat(room - before);
}

function draw(header: readonly string[], body: readonly (readonly string[])[], aligned: readonly Alignment[]): string {
  const cells = (row: readonly string[]): string[][] => row.map((cell) => cell.split('\n'));
  const widths = header.map((_, i) =>
    Math.max(...[header, ...body].flatMap((row) => row[i]!.split('\n').map(columnsOf))),
  );
  const rule = widths.length === 0 ? '++' : `+${widths.map((width) => `${'-'.repeat(width + 2)}+`).join('')}`;
  const lines = (row: readonly string[]): string[] => {
    const split = cells(row);
    const height = Math.max(0, ...split.map((each) => each.length));
    return Array.from({ length: height }, (_, line) =>
      split
        .map((each, i) => `| ${justify(each[line] ?? '', widths[i]!, aligned[i]!)} `)
        .join('')
        .concat('|'),
    );
  };
  return [rule, ...(header.length === 0 ? ['||'] : lines(header)), rule, ...body.flatMap(lines), rule].join('\n');
}

function toPrettytable(input: Value, [positional, named]: Bound): Value {
  const rows = rowsOf(input);
  const options = named as Dict;
  for (const key of options.keys())
    if (!['column_order', 'header_names', 'column_alignments'].includes(str(key)))
      refuse(`Unknown parameter(s) for to_prettytable filter: ${str(key)}`);
  const listed = positional as Value[];
  if (listed.length > 0 && options.has('column_order'))
    refuse("Cannot use both positional arguments and the 'column_order' keyword argument");
  const fields = rows[0] === undefined ? undefined : [...rows[0].keys()];
  const most = fields?.length ?? Number.POSITIVE_INFINITY;
  const order = names(listed.length > 0 ? listed : options.get('column_order'), 'column', most) ?? [];
  const given = names(options.get('header_names'), 'header', most);
  const alignments = alignmentsOf(options.get('column_alignments'), most);
  const columns: readonly Value[] = order.length > 0 ? order : (fields ?? []);
  if (given !== undefined && order.length > 0 && order.length !== given.length)
    refuse(
      `'column_order' and 'header_names' must have the same number of elements. Got ${order.length} columns and ${given.length} headers.`,
    );
  const empty = given !== undefined && given.length === 0;
  const header = empty ? columns.map((_, i) => `Field ${i + 1}`) : (given ?? columns.map(str));
  if (new Set(header).size < header.length) refuse('Field names must be unique');
  if (rows.length > 0 && header.length !== columns.length)
    refuse(`Row has incorrect number of values, (actual) ${columns.length}!=${header.length} (expected)`);
  const body = rows.map((row) => columns.map((column) => (row.has(column) ? str(row.get(column)!) : '')));
  return draw(
    header,
    body,
    header.map((name) => alignments.get(name) ?? 'c'),
  );
}

export const prettytable: FilterTable = [filter('to_prettytable', ['*columns', '**options'], toPrettytable)];
