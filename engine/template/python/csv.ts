// Python's csv.reader, in the three dialects that it knows by name.

import { Fault } from '../fault.ts';

export interface Dialect {
  readonly delimiter: string;
  readonly skipInitialSpace: boolean;
  readonly strict: boolean;
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  excel: { delimiter: ',', skipInitialSpace: false, strict: false },
  'excel-tab': { delimiter: '\t', skipInitialSpace: false, strict: false },
  unix: { delimiter: ',', skipInitialSpace: false, strict: false },
};

/** The rows of a CSV text; an empty line is an empty row. Throws a ValueError fault for bad input in strict mode. */
export function readCsv(text: string, dialect: Dialect): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let isEmpty = true;
  const endField = () => {
    row.push(field);
    field = '';
    state = 'start';
  };
  const endRow = () => {
    if (!isEmpty) endField();
    rows.push(row);
    row = [];
    isEmpty = true;
    state = 'start';
  };
  const chars = text.replace(/\r\n?/g, '\n');
  for (const char of chars) {
    if (state === 'quoted') {
      if (char === '"') state = 'closed';
      else field += char;
      continue;
    }
    if (char === '\n') {
      endRow();
      continue;
    }
    isEmpty = false;
    if (char === dialect.delimiter) endField();
    else if (state === 'start' && char === '"') state = 'quoted';
    else if (state === 'start' && char === ' ' && dialect.skipInitialSpace) continue;
    else if (state === 'closed' && char === '"') {
      field += char;
      state = 'quoted';
    } else {
      if (state === 'closed' && dialect.strict)
        throw new Fault('ValueError', `'${dialect.delimiter}' expected after '"'`);
      field += char;
      state = 'plain';
    }
  }
  if (state === 'quoted' && dialect.strict) throw new Fault('ValueError', 'unexpected end of data');
  if (!isEmpty || field !== '') {
    isEmpty = false;
    endRow();
  }
  return rows;
}
