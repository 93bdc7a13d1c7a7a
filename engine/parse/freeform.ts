// `module: k=v words` in one line: split as Ansible splits it, with quotes and template braces kept whole.

import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import { type Dict, trusted } from '../model/value.ts';

/** Free-form actions take their text as it is, but for these options. */
const COMMAND_OPTIONS = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
  'expand_argument_vars',
]);

export interface FreeForm {
  readonly args: Dict;
  /** What is no `k=v`; '' when there is nothing. */
  readonly raw: string;
}

interface Word {
  readonly text: string;
  readonly start: number;
  /** Behind the word and the white space that follows it. */
  readonly end: number;
}

/**
 * Splits one line of arguments.
 * @param commandLike only the options of commands are taken out, everything else stays text as it was written
 * @throws PlaybookError when a quote or brace is left open
 */
export function splitFreeForm(text: string, commandLike: boolean, position: Position): FreeForm {
  const args: Dict = new Map();
  let raw = '';
  let endsWithOption = false;
  for (const word of splitWords(text, position)) {
    const equals = assignment(word.text);
    const key = equals < 0 ? '' : word.text.slice(0, equals).trim();
    endsWithOption = equals >= 0 && (!commandLike || COMMAND_OPTIONS.has(key));
    if (endsWithOption) args.set(key, trusted(unquote(unescapeText(word.text.slice(equals + 1).trim())), position));
    else raw += text.slice(word.start, word.end);
  }
  if (!commandLike) raw = raw.trim();
  else if (endsWithOption) raw = raw.replace(/\s$/, '');
  return { args, raw: joinLines(raw) };
}

/** Words with their white space, quotes and template blocks kept together. */
function splitWords(text: string, position: Position): Word[] {
  const words: Word[] = [];
  let start = -1;
  let quote = '';
  const blocks: string[] = [];
  let index = 0;
  const finish = (to: number): void => {
    let end = to;
    while (end < text.length && /\s/.test(text[end]!)) end++;
    // White space before the first word belongs to it: commands of several lines keep their indentation.
    words.push({ text: text.slice(start, to), start: words.length === 0 ? 0 : start, end });
    start = -1;
    index = end;
  };
  while (index < text.length) {
    const char = text[index]!;
    const pair = text.slice(index, index + 2);
    if (start < 0) {
      if (/\s/.test(char)) {
        index++;
        continue;
      }
      start = index;
    }
    if (quote) {
      if (char === '\\') index += 2;
      else {
        if (char === quote) quote = '';
        index++;
      }
      continue;
    }
    if (blocks.length > 0 && pair === blocks.at(-1)) {
      blocks.pop();
      index += 2;
      continue;
    }
    if (pair === '{{' || pair === '{%' || pair === '{#') {
      blocks.push(pair === '{{' ? '}}' : pair === '{%' ? '%}' : '#}');
      index += 2;
      continue;
    }
    if (blocks.length > 0) {
      index++;
      continue;
    }
    if (char === '\\') {
      index += 2;
      continue;
    }
    if (char === '"' || char === "'") {
      quote = char;
      index++;
      continue;
    }
    if (/\s/.test(char)) {
      finish(index);
      continue;
    }
    index++;
  }
  if (quote || blocks.length > 0)
    throw new PlaybookError(
      `Error loading tasks: failed at splitting arguments, either an unbalanced jinja2 block or quotes: ${text}`,
      { position, hint: 'Close the quote or the braces, or put the text under `cmd:`.' },
    );
  if (start >= 0) finish(text.length);
  return words;
}

/** The place of the `=` that makes a word an argument; -1 when it is none. */
function assignment(word: string): number {
  const equals = word.search(/(?<!\\)=/);
  if (equals <= 0) return -1;
  const key = word.slice(0, equals);
  return /["'{}]/.test(key) ? -1 : equals;
}

function unquote(text: string): string {
  const first = text[0];
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\'
    ? text.slice(1, -1)
    : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Python's backslash escapes, which values of `k=v` may hold. */
function unescapeText(text: string): string {
  return text.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|([\\'"abfnrtv]))/g,
    (_, long: string, short: string, hex: string, octal: string, letter: string) => {
      if (letter) return ESCAPES[letter] ?? letter;
      return String.fromCodePoint(octal ? Number.parseInt(octal, 8) : Number.parseInt(long ?? short ?? hex, 16));
    },
  );
}

/** A backslash at the end of a line joins it with the next. */
function joinLines(text: string): string {
  return text.replace(/ ?\\\n/g, '');
}
