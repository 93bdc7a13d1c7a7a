// Methods of str.

import { Bytes, type Dict, isDict, type Template, Tuple, type Value } from '../../model/value.ts';
import { itemOf, ownAttribute } from '../evaluate/access.ts';
import { typeFault, valueFault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { encodeText } from '../python/codecs.ts';
import { iterate } from '../python/compare.ts';
import { dictGet } from '../python/dicts.ts';
import { formatText, type Reader } from '../python/format.ts';
import { BLANK, characters, isText, textLength, typeName } from '../python/types.ts';
import { allDefined } from '../undefined.ts';
import { type Entry, methods } from './define.ts';
import { index } from './list.ts';

/** Fields of `format` read what Python has, and an item is no attribute there. */
const READER: Reader = {
  attribute: (value, name) => ownAttribute(value, name),
  item: (value, key) => itemOf(value, key),
};

type Text = string | Template;
type Args = (Value | undefined)[];

/** A method of text that answers from the plain text; its parameters have no names for the caller. */
function on(signature: readonly string[], body: (text: string, args: Args) => Value): Entry<Text> {
  return named([...signature, '/'], body);
}

/** The same with parameters that can be given by name. */
function named(signature: readonly string[], body: (text: string, args: Args) => Value): Entry<Text> {
  return [signature, (self, args) => body(String(self), args)];
}

function text(value: Value | undefined, what = 'argument'): string {
  if (isText(value)) return String(value);
  return typeFault(`${what} must be str, not ${typeName(value ?? null)}`);
}

const LEADING = new RegExp(`^[${BLANK}]+`);
const TRAILING = new RegExp(`[${BLANK}]+$`);

function strip(self: string, set: Value | undefined, left: boolean, right: boolean): string {
  if (set === undefined || set === null) {
    const shorter = left ? self.replace(LEADING, '') : self;
    return right ? shorter.replace(TRAILING, '') : shorter;
  }
  const signs = new Set(characters(text(set, 'strip arg')));
  const all = characters(self);
  let [from, to] = [0, all.length];
  while (left && from < to && signs.has(all[from]!)) from += 1;
  while (right && to > from && signs.has(all[to - 1]!)) to -= 1;
  return all.slice(from, to).join('');
}

function split(self: string, separator: Value | undefined, most: Value | undefined): string[] {
  const limit = most === undefined ? -1 : index(most);
  if (separator === undefined || separator === null) {
    const parts: string[] = [];
    let rest = self.replace(LEADING, '');
    while (rest !== '') {
      if (limit >= 0 && parts.length === limit) return [...parts, rest];
      const [word] = new RegExp(`^[^${BLANK}]+`).exec(rest)!;
      parts.push(word);
      rest = rest.slice(word.length).replace(LEADING, '');
    }
    return parts;
  }
  const mark = text(separator, 'separator');
  if (mark === '') return valueFault('empty separator');
  const parts = self.split(mark);
  return limit >= 0 && parts.length > limit + 1 ? [...parts.slice(0, limit), parts.slice(limit).join(mark)] : parts;
}

function rsplit(self: string, separator: Value | undefined, most: Value | undefined): string[] {
  const limit = most === undefined ? -1 : index(most);
  if (limit < 0) return split(self, separator, undefined);
  if (separator === undefined || separator === null) {
    const parts: string[] = [];
    let rest = self.replace(TRAILING, '');
    while (rest !== '') {
      if (parts.length === limit) return [rest, ...parts];
      const [word] = new RegExp(`[^${BLANK}]+$`).exec(rest)!;
      parts.unshift(word);
      rest = rest.slice(0, rest.length - word.length).replace(TRAILING, '');
    }
    return parts;
  }
  const mark = text(separator, 'separator');
  const parts = split(self, mark, undefined);
  const keep = Math.max(parts.length - limit, 1);
  return [parts.slice(0, keep).join(mark), ...parts.slice(keep)];
}

function lines(self: string, keep: boolean): string[] {
  const found =
    self.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? [];
  const whole = found.filter((line) => line !== '');
  return keep ? whole : whole.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}

/** The part of the text between two places, and where it starts; undefined where it would start behind its end. */
function within(
  self: string,
  from: Value | undefined,
  to: Value | undefined,
): [part: string, start: number] | undefined {
  if (from === undefined && to === undefined) return [self, 0];
  const size = textLength(self);
  const place = (value: Value | undefined, initial: number): number => {
    if (value === undefined || value === null) return initial;
    const at = index(value);
    return at < 0 ? Math.max(at + size, 0) : at;
  };
  const [start, stop] = [place(from, 0), Math.min(place(to, size), size)];
  return start > stop ? undefined : [characters(self).slice(start, stop).join(''), start];
}

/** Looks for `part` between start and stop; the place in characters, or -1. */
function find(self: string, [part, from, to]: Args, last = false): number {
  const sought = text(part);
  const [whole, start] = within(self, from, to) ?? [undefined, 0];
  const found = whole === undefined ? -1 : last ? whole.lastIndexOf(sought) : whole.indexOf(sought);
  return found < 0 ? -1 : start + textLength(whole!.slice(0, found));
}

function affix(self: string, [part, from, to]: Args, test: (whole: string, part: string) => boolean): boolean {
  const [whole] = within(self, from, to) ?? [undefined];
  const parts = part instanceof Tuple ? part.items : [part ?? null];
  return parts.some((item) => {
    if (isText(item)) return whole !== undefined && test(whole, String(item));
    return typeFault(`the affix must be str or a tuple of str, not ${typeName(item)}`);
  });
}

function count(self: string, [part, from, to]: Args): number {
  const sought = text(part);
  const [whole] = within(self, from, to) ?? [undefined];
  if (whole === undefined) return 0;
  return sought === '' ? textLength(whole) + 1 : whole.split(sought).length - 1;
}

function replace(self: string, [old, fresh, most]: Args): string {
  const [from, to] = [text(old, 'replace() argument 1'), text(fresh, 'replace() argument 2')];
  const limit = most === undefined ? -1 : index(most);
  const parts = from === '' ? ['', ...characters(self), ''] : self.split(from);
  allowText(self.length + parts.length * to.length, 'replace()');
  if (limit < 0 || parts.length <= limit + 1) return parts.join(to);
  const head = parts.slice(0, limit + 1).join(to);
  return [head, ...parts.slice(limit + 1)].join(from);
}

function fill(self: string, [width, sign]: Args, side: 'left' | 'right' | 'both'): string {
  const mark = sign === undefined ? ' ' : text(sign, 'The fill character');
  if (textLength(mark) !== 1) return typeFault('The fill character must be exactly one character long');
  const size = index(width!);
  allowText(size, 'padding');
  const room = size - textLength(self);
  if (room <= 0) return self;
  if (side === 'left') return mark.repeat(room) + self;
  if (side === 'right') return self + mark.repeat(room);
  const before = (room >> 1) + (room & size & 1);
  return mark.repeat(before) + self + mark.repeat(room - before);
}

function partition(self: string, mark: Value | undefined, last: boolean): Value {
  const separator = text(mark);
  if (separator === '') return valueFault('empty separator');
  const at = last ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', '']);
  return new Tuple([self.slice(0, at), separator, self.slice(at + separator.length)]);
}

/** Letters that are two in one, by the capital first one of both. */
const DIGRAPHS = ['\u01c4\u01c5\u01c6', '\u01c7\u01c8\u01c9', '\u01ca\u01cb\u01cc', '\u01f1\u01f2\u01f3'];

/** A character as the first of a title's word. */
function titled(sign: string): string {
  const digraph = sign === '' ? undefined : DIGRAPHS.find((forms) => forms.includes(sign));
  if (digraph !== undefined) return digraph[1]!;
  const [first = '', ...rest] = sign.toUpperCase();
  return first + rest.join('').toLowerCase();
}

function capitalize(self: string): string {
  const [first = '', ...rest] = characters(self);
  return titled(first) + rest.join('').toLowerCase();
}

function title(self: string): string {
  return self.replace(/\p{L}+/gu, (word) => capitalize(word));
}

function swapcase(self: string): string {
  const lower = characters(self.toLowerCase());
  const signs = characters(self);
  return signs
    .map((sign, place) => {
      if (/\p{Uppercase}/u.test(sign)) return lower.length === signs.length ? lower[place]! : sign.toLowerCase();
      return /\p{Lowercase}/u.test(sign) ? sign.toUpperCase() : sign;
    })
    .join('');
}

/** For comparing without case: each character by itself, and both small forms of one capital alike. */
function casefold(self: string): string {
  return Array.from(self, (sign) => (sign === 'ı' ? sign : sign.toLowerCase().toUpperCase().toLowerCase())).join('');
}

function cased(self: string, upper: boolean): boolean {
  if (!/[\p{Lu}\p{Ll}\p{Lt}]/u.test(self)) return false;
  return upper ? !/[\p{Ll}\p{Lt}]/u.test(self) : !/[\p{Lu}\p{Lt}]/u.test(self);
}

function zfill(self: string, width: Value): string {
  const room = index(width) - textLength(self);
  allowText(room, 'zfill()');
  const sign = /^[+-]/.exec(self)?.[0] ?? '';
  return room <= 0 ? self : sign + '0'.repeat(room) + self.slice(sign.length);
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  return self.replace(/[\t\n\r]|[^\t\n\r]+/g, (part) => {
    if (part === '\n' || part === '\r') {
      column = 0;
      return part;
    }
    const shown = part === '\t' ? ' '.repeat(size <= 0 ? 0 : size - (column % size)) : part;
    column += textLength(shown);
    return shown;
  });
}

function translate(self: string, table: Value): string {
  if (!isDict(table)) return typeFault(`'${typeName(table)}' object is not subscriptable`);
  return characters(self)
    .map((sign) => {
      const to = dictGet(table, sign.codePointAt(0)!);
      if (to === undefined) return sign;
      return to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : String(to);
    })
    .join('');
}

function makeTable([from, to, gone]: Args): Dict {
  const table: Dict = new Map();
  if (to === undefined) {
    if (!isDict(from!)) return typeFault('if you give only one argument to maketrans it must be a dict');
    for (const [key, value] of from) {
      if (isText(key) && textLength(String(key)) !== 1)
        return valueFault('string keys in translate table must be of length 1');
      table.set(isText(key) ? String(key).codePointAt(0)! : key, value);
    }
    return table;
  }
  const [a, b] = [characters(text(from)), characters(text(to))];
  if (a.length !== b.length) return valueFault('the first two maketrans arguments must have equal length');
  a.forEach((sign, place) => {
    table.set(sign.codePointAt(0)!, b[place]!.codePointAt(0)!);
  });
  if (gone !== undefined) for (const sign of characters(text(gone))) table.set(sign.codePointAt(0)!, null);
  return table;
}

function every(pattern: RegExp): Entry<Text> {
  return on([], (self) => pattern.test(self));
}

export const TEXT = methods<Text>('str', {
  upper: on([], (self) => self.toUpperCase()),
  lower: on([], (self) => self.toLowerCase()),
  casefold: on([], casefold),
  capitalize: on([], capitalize),
  title: on([], title),
  swapcase: on([], swapcase),
  strip: on(['chars?'], (self, [set]) => strip(self, set, true, true)),
  lstrip: on(['chars?'], (self, [set]) => strip(self, set, true, false)),
  rstrip: on(['chars?'], (self, [set]) => strip(self, set, false, true)),
  split: named(['sep?', 'maxsplit?'], (self, [separator, most]) => split(self, separator, most)),
  rsplit: named(['sep?', 'maxsplit?'], (self, [separator, most]) => rsplit(self, separator, most)),
  splitlines: named(['keepends?'], (self, [keep]) => lines(self, index(keep === undefined ? false : keep) !== 0)),
  partition: on(['sep'], (self, [mark]) => partition(self, mark, false)),
  rpartition: on(['sep'], (self, [mark]) => partition(self, mark, true)),
  join: on(['iterable'], (self, [items]) =>
    allDefined(iterate(items!))
      .map((item, place) =>
        isText(item)
          ? String(item)
          : typeFault(`sequence item ${place}: expected str instance, ${typeName(item)} found`),
      )
      .join(self),
  ),
  replace: on(['old', 'new', 'count?'], replace),
  find: on(['sub', 'start?', 'end?'], (self, args) => find(self, args)),
  rfind: on(['sub', 'start?', 'end?'], (self, args) => find(self, args, true)),
  index: on(['sub', 'start?', 'end?'], (self, args) => present(find(self, args))),
  rindex: on(['sub', 'start?', 'end?'], (self, args) => present(find(self, args, true))),
  count: on(['sub', 'start?', 'end?'], count),
  startswith: on(['prefix', 'start?', 'end?'], (self, args) =>
    affix(self, args, (whole, part) => whole.startsWith(part)),
  ),
  endswith: on(['suffix', 'start?', 'end?'], (self, args) => affix(self, args, (whole, part) => whole.endsWith(part))),
  removeprefix: on(['prefix'], (self, [part]) => (self.startsWith(text(part)) ? self.slice(text(part).length) : self)),
  removesuffix: on(['suffix'], (self, [part]) =>
    text(part) !== '' && self.endsWith(text(part)) ? self.slice(0, -text(part).length) : self,
  ),
  ljust: on(['width', 'fillchar?'], (self, args) => fill(self, args, 'right')),
  rjust: on(['width', 'fillchar?'], (self, args) => fill(self, args, 'left')),
  center: on(['width', 'fillchar?'], (self, args) => fill(self, args, 'both')),
  zfill: on(['width'], (self, [width]) => zfill(self, width!)),
  expandtabs: named(['tabsize?'], (self, [size]) => expandTabs(self, size === undefined ? 8 : index(size))),
  encode: named(
    ['encoding?', 'errors?'],
    (self, [encoding, errors]) => new Bytes(encodeText(self, text(encoding ?? 'utf-8'), text(errors ?? 'strict'))),
  ),
  translate: on(['table'], (self, [table]) => translate(self, table!)),
  maketrans: on(['x', 'y?', 'z?'], (_self, args) => makeTable(args)),
  format: [['*args', '**kwargs'], (self, [args, words]) => formatText(String(self), args as Value[], words!, READER)],
  format_map: [['mapping', '/'], (self, [mapping]) => formatText(String(self), undefined, mapping!, READER)],
  isalpha: every(/^\p{L}+$/u),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isdigit: every(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2089]+$/u),
  isdecimal: every(/^\p{Nd}+$/u),
  isnumeric: every(/^\p{N}+$/u),
  isspace: every(new RegExp(`^[${BLANK}]+$`)),
  isascii: every(/^[\x00-\x7f]*$/),
  isidentifier: every(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  isprintable: every(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u),
  isupper: on([], (self) => cased(self, true)),
  islower: on([], (self) => cased(self, false)),
  istitle: on([], (self) => /\p{L}/u.test(self) && title(self) === self),
});

function present(place: number): number {
  return place < 0 ? valueFault('substring not found') : place;
}
