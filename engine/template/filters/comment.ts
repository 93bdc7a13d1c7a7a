// `comment`: text as a comment of some language.

import type { Value } from '../../model/value.ts';
import { typeFault } from '../fault.ts';
import type { CallArgs } from '../library.ts';
import { allowText } from '../limits.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type FilterTable, integer, rawFilter, refuse, text } from './define.ts';

interface Style {
  readonly beginning?: string;
  readonly decoration: string;
  readonly end?: string;
}

const STYLES: Readonly<Record<string, Style>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};
const KEYWORDS = [
  'style',
  'beginning',
  'decoration',
  'end',
  'newline',
  'prefix',
  'prefix_count',
  'postfix',
  'postfix_count',
];

/** A line so many times, once where that is not said. */
function repeated(line: string, count: Value | undefined): string {
  const times = Math.max(0, integer(count, 1));
  allowText(line.length * times, 'comment');
  return line.repeat(times);
}

function comment(input: Value, args: CallArgs): Value {
  if (!isText(input)) typeFault(`comment needs a text, not '${typeName(input)}'`);
  for (const key of args.named.keys()) if (!KEYWORDS.includes(key)) refuse(`comment has no argument '${key}'`);
  const name = text(args.positional[0] ?? args.named.get('style'), 'plain');
  const style = Object.hasOwn(STYLES, name) ? STYLES[name]! : refuse(`Invalid style '${name}'.`);
  const named = (key: string, fallback: string) => text(args.named.get(key), fallback);
  const newline = named('newline', '\n');
  const decoration = named('decoration', style.decoration);
  const bare = decoration.trimEnd();
  const prefix = named('prefix', bare);
  const postfix = named('postfix', bare);
  const beginning = named('beginning', style.beginning ?? '');
  const end = named('end', style.end ?? '');
  const body = (decoration + str(input).replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    decoration.trimEnd() + newline,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : repeated(prefix === newline ? newline : prefix + newline, args.named.get('prefix_count')),
    body,
    repeated(newline + postfix, args.named.get('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('');
}

export const comments: FilterTable = [rawFilter('comment', comment)];
