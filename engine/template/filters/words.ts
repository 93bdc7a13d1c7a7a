// Jinja's filters over text: case, trimming, replacing, cutting and wrapping.

import { Tuple, type Value } from '../../model/value.ts';
import { typeFault } from '../fault.ts';
import type { CallArgs, Traits } from '../library.ts';
import { allowText } from '../limits.ts';
import { modulo } from '../python/arithmetic.ts';
import { length as lengthOf } from '../python/compare.ts';
import { pformat } from '../python/pprint.ts';
import { str } from '../python/text.ts';
import { wrap } from '../python/textwrap.ts';
import { BLANK, characters, isText, Markup, textLength, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, flag, integer, rawFilter, refuse, text } from './define.ts';

/** Python's `str.splitlines()`. */
export function splitLines(input: string): string[] {
  const lines = input.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** The text that a filter works on, where Jinja does not make text of other values. */
function textOf(input: Value, name: string): string {
  return isText(input) ? str(input) : typeFault(`${name} needs a text, not '${typeName(input)}'`);
}

function capitalize(input: Value): Value {
  const [first = '', ...rest] = characters(str(input));
  const [capital = '', ...further] = characters(first.toUpperCase());
  return capital + [...further, ...rest].join('').toLowerCase();
}

function title(input: Value): Value {
  return str(input)
    .split(/([-\s({[<]+)/)
    .map((word) => {
      const [first = '', ...rest] = characters(word);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

/** Of Markup these make Markup. */
const MARKUP: Traits = { keepsMarkup: true };
const ENDS = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, 'g');
const LEADING = new RegExp(`^[${BLANK}]+`);
const GAP = new RegExp(`[${BLANK}]+`);

function trim(input: Value, [chars]: Bound): Value {
  const subject = str(input);
  if (chars === undefined || chars === null) return subject.replace(ENDS, '');
  if (!isText(chars)) return typeFault('strip arg must be None or str');
  const unwanted = new Set(characters(str(chars)));
  const letters = characters(subject);
  let start = 0;
  let end = letters.length;
  while (start < end && unwanted.has(letters[start]!)) start += 1;
  while (end > start && unwanted.has(letters[end - 1]!)) end -= 1;
  return letters.slice(start, end).join('');
}

/** Python's `str.replace`; a negative count replaces all. */
function replace(input: Value, [old, fresh, count]: Bound): Value {
  const subject = str(input);
  const [from, to] = [str(old!), str(fresh!)];
  let left = integer(count, -1);
  if (from === '') {
    const letters = characters(subject);
    if (left < 0) left = letters.length + 1;
    const spread = letters.map((letter, i) => (i < left ? to + letter : letter));
    return spread.join('') + (left > letters.length ? to : '');
  }
  const pieces = subject.split(from);
  if (left < 0) left = pieces.length;
  const replaced = pieces.slice(0, left + 1).join(to);
  const rest = pieces.slice(left + 1);
  allowText(replaced.length, 'replace');
  return rest.length === 0 ? replaced : [replaced, ...rest].join(from);
}

function center(input: Value, [width]: Bound): Value {
  const subject = str(input);
  const room = integer(width, 80) - textLength(subject);
  if (room <= 0) return subject;
  allowText(room, 'center');
  const left = Math.floor(room / 2) + (room & integer(width, 80) & 1);
  return ' '.repeat(left) + subject + ' '.repeat(room - left);
}

function indent(input: Value, [width, first, blank]: Bound): Value {
  const prefix = typeof width === 'string' ? width : ' '.repeat(Math.max(0, integer(width, 4)));
  const subject = `${textOf(input, 'indent')}\n`;
  const lines = splitLines(subject);
  let result: string;
  if (flag(blank)) result = lines.join(`\n${prefix}`);
  else {
    const [head = '', ...rest] = lines;
    result = [head, ...rest.map((line) => (line === '' ? line : prefix + line))].join('\n');
  }
  return flag(first) ? prefix + result : result;
}

function truncate(input: Value, [length, killwords, end, leeway]: Bound): Value {
  const most = integer(length, 255);
  const tail = text(end, '...');
  const slack = integer(leeway, 5);
  if (most < textLength(tail)) refuse(`expected length >= ${textLength(tail)}, got ${most}`);
  if (slack < 0) refuse(`expected leeway >= 0, got ${slack}`);
  if (lengthOf(input) <= most + slack) return input;
  const letters = characters(textOf(input, 'truncate'));
  const kept = letters.slice(0, most - textLength(tail)).join('');
  if (flag(killwords)) return kept + tail;
  const space = kept.lastIndexOf(' ');
  return (space < 0 ? kept : kept.slice(0, space)) + tail;
}

function wordwrap(input: Value, [width, breakLong, wrapstring, breakHyphens]: Bound): Value {
  const joint = text(wrapstring, '\n');
  const most = integer(width, 79);
  const lines = splitLines(textOf(input, 'wordwrap'));
  if (most <= 0 && lines.length > 0) refuse(`invalid width ${most} (must be > 0)`);
  return lines.map((line) => wrap(line, most, flag(breakLong, true), flag(breakHyphens, true)).join(joint)).join(joint);
}

const format = rawFilter('format', formatted, { keepsTrust: true });

function formatted(input: Value, args: CallArgs): Value {
  if (args.positional.length > 0 && args.named.size > 0)
    refuse("can't handle positional and keyword arguments at the same time");
  const values: Value = args.named.size > 0 ? new Map<Value, Value>(args.named) : new Tuple(args.positional);
  return modulo(input instanceof Markup ? input : str(input), values);
}

function split(input: Value, [separator, maxsplit]: Bound): Value {
  if (!isText(input)) refuse(`descriptor 'split' for 'str' objects doesn't apply to a '${typeName(input)}' object`);
  return splitText(
    str(input),
    separator === undefined || separator === null ? undefined : str(separator),
    integer(maxsplit, -1),
  );
}

/** Python's `str.split(separator, maxsplit)`; without a separator runs of white space part. */
export function splitText(subject: string, separator: string | undefined, most: number): string[] {
  if (separator === '') refuse('empty separator');
  if (separator === undefined) {
    const pieces: string[] = [];
    let rest = subject.replace(LEADING, '');
    while (rest !== '' && pieces.length !== most) {
      const gap = GAP.exec(rest);
      if (gap === null) break;
      pieces.push(rest.slice(0, gap.index));
      rest = rest.slice(gap.index + gap[0].length);
    }
    if (rest !== '') pieces.push(rest);
    return pieces;
  }
  const pieces = subject.split(separator);
  if (most < 0 || pieces.length <= most + 1) return pieces;
  return [...pieces.slice(0, most), pieces.slice(most).join(separator)];
}

export const words: FilterTable = [
  filter('upper', [], (input) => str(input).toUpperCase(), MARKUP),
  filter('lower', [], (input) => str(input).toLowerCase(), MARKUP),
  filter('capitalize', [], capitalize, MARKUP),
  filter('title', [], title),
  filter('trim', ['chars?'], trim, MARKUP),
  filter('string', [], (input, _, env) => (input instanceof Markup && env.typing === 'modern' ? input : str(input)), {
    keepsTrust: true,
  }),
  filter('replace', ['old', 'new', 'count?'], replace),
  filter('center', ['width?'], center, MARKUP),
  filter('indent', ['width?', 'first?', 'blank?'], indent, MARKUP),
  filter('truncate', ['length?', 'killwords?', 'end?', 'leeway?'], truncate, MARKUP),
  filter('wordcount', [], (input) => str(input).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  filter('wordwrap', ['width?', 'break_long_words?', 'wrapstring?', 'break_on_hyphens?'], wordwrap),
  filter('pprint', [], (input, _args, env) => pformat(input, env.typing === 'classic')),
  filter('split', ['sep?', 'maxsplit?'], split),
  format,
];
