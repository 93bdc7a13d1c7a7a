// Python's pprint.pformat as templates see it: a long text is broken into several literals, everything else stays on one
// line (the containers of the reference are no plain lists and dicts, so pprint prints them by repr).

import type { Value } from '../../model/value.ts';
import { quote, repr } from './text.ts';
import { isText, textLength } from './types.ts';

const WIDTH = 80;

/** The value laid out as `pprint` prints it. */
export function pformat(value: Value): string {
  const line = repr(value);
  return isText(value) && textLength(line) > WIDTH ? broken(String(value)) : line;
}

/** A long text as several literals in parentheses, broken after white space. */
function broken(text: string): string {
  const indent = 1;
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const chunks: string[] = [];
  for (const [i, line] of lines.entries()) {
    const last = i === lines.length - 1;
    if (textLength(quote(line)) <= WIDTH - indent - (last ? 1 : 0)) {
      chunks.push(quote(line));
      continue;
    }
    const parts = line.match(/\S*\s*/g)!.filter((part) => part !== '');
    let current = '';
    for (const [j, part] of parts.entries()) {
      const most = WIDTH - indent - (last && j === parts.length - 1 ? 1 : 0);
      if (textLength(quote(current + part)) > most && current !== '') {
        chunks.push(quote(current));
        current = part;
      } else current += part;
    }
    if (current !== '') chunks.push(quote(current));
  }
  return chunks.length === 1 ? chunks[0]! : `(${chunks.join(`\n${' '.repeat(indent)}`)})`;
}
