// The one place where modern (ansible-core 2.19) and classic typing (jinja2_native = False) part: what printed pieces
// become, what a rendered template is, and how a missing attribute is told.

import {
  Bytes,
  DateTime,
  type Dict,
  isDict,
  OMIT,
  Opaque,
  PySet,
  Template,
  Tuple,
  type Value,
} from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { decodeBytes } from '../python/codecs.ts';
import { readLiteral } from '../python/literal.ts';
import { OMITTED, repr, str } from '../python/text.ts';
import { behaviour, isObject, isText, Markup, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import type { Ending } from './instance.ts';
import { Range, View } from './objects.ts';

/** What a template is besides text: a variable's name alone, one filter's text alone, or anything. */
export type Form = 'name' | 'text' | 'any';

export interface Typing {
  readonly name: 'modern' | 'classic';
  /** What a printed value contributes to the output. */
  piece(value: Value): Value;
  /** What the pieces of a macro or block are together; `asText` within a template file. */
  capture(pieces: readonly Value[], asText: boolean): Value;
  /** What the pieces of a template are together. */
  join(pieces: readonly Value[]): Value;
  /** What a rendered template is. */
  result(value: Value, ending: Ending, as: Form): Value;
  /** A value as it leaves the template layer: no views, nothing undefined, or `missing` in its place. */
  finish(value: Value, missing?: (value: Undefined) => Value): Value;
  /** The message of a missing attribute or item. */
  missing(target: Value, key: Value): string;
  /** Does an undefined input or argument make a filter's result undefined? Otherwise it is an error. */
  readonly passesUndefined: boolean;
  /** Are keys(), values() and items() lists? Otherwise they are views. */
  readonly listsViews: boolean;
  /** What a filter's result is for the rest of the template. */
  filtered(value: Value): Value;
  /** Are variables rendered whole when they are read? Otherwise only what is read of them is. */
  readonly whole: boolean;
}

/** Text of pieces that were printed. */
function joinText(pieces: readonly Value[], print: (value: Value) => string): string {
  let text = '';
  for (const piece of pieces) text += typeof piece === 'string' ? piece : print(piece);
  allowText(text.length, 'the template');
  return text;
}

/** Newlines at the end of the template are kept at the end of its text. */
function keepNewlines(text: string, { newlines, sequence }: Ending): string {
  if (newlines === 0) return text;
  // Only bare line feeds count as kept: of several longer sequences that is one, as in Ansible.
  let have = 0;
  while (have < newlines && text[text.length - 1 - have] === '\n') have += 1;
  return text + sequence.repeat(newlines - have);
}

const NO_NEWLINES: Ending = { newlines: 0, sequence: '\n' };

/** The members of a container, finished; what is omitted is left out. Tuples and sets stay such, or become lists. */
function finishMembers(
  value: Value,
  finish: (item: Value) => Value,
  { tuples, sets }: { readonly tuples: boolean; readonly sets: boolean },
): Value | undefined {
  if (Array.isArray(value)) return finishItems(value, finish);
  if (isDict(value)) {
    const dict: Dict = new Map();
    for (const [key, item] of value) {
      // Where tuples become lists, those among the keys cannot.
      if (key instanceof Tuple && !tuples) throw new Fault('TypeError', "unhashable type: 'list'");
      const finished = finish(item);
      if (finished !== OMIT) dict.set(key, finished);
    }
    return dict;
  }
  if (value instanceof Tuple) {
    const items = finishItems(value.items, finish);
    return tuples ? new Tuple(items) : items;
  }
  if (value instanceof PySet) {
    const items = finishItems(value.items, finish);
    return sets ? new PySet(items) : items;
  }
  return undefined;
}

function finishItems(items: readonly Value[], finish: (item: Value) => Value): Value[] {
  const list: Value[] = [];
  for (const item of items) {
    const finished = typeof item === 'string' ? item : finish(item);
    if (finished !== OMIT) list.push(finished);
  }
  return list;
}

function unsupported(value: Opaque | DateTime): never {
  throw new Fault('TypeError', `Type '${typeName(value)}' is unsupported for variable storage.`);
}

/** Types whose missing items are told like missing attributes. */
const SEQUENCES: ReadonlySet<string> = new Set(['list', 'str', 'tuple']);

export const MODERN: Typing = {
  name: 'modern',
  capture: (pieces) => MODERN.join(pieces),
  passesUndefined: true,
  listsViews: true,
  whole: false,
  piece: (value) => value,
  join(pieces) {
    if (pieces.length === 1) return pieces[0]!;
    let shown = 0;
    let only: Value = null;
    for (const piece of pieces) {
      if (piece === null) continue;
      shown += 1;
      only = piece;
    }
    return shown > 1 ? joinText(pieces, printModern) : only;
  },
  filtered: (value) => (value instanceof Range ? value.iterate() : value),
  result: (value, ending) =>
    typeof value === 'string' || value instanceof Markup ? keepNewlines(str(value), ending) : value,
  finish: (value, missing) => (missing === undefined ? finishModern(value) : finisher(missing)(value)),
  missing(target, key) {
    const type = typeName(target);
    if (type === 'HostVars') return `hostvars[${repr(key)}]`;
    if (isText(key) || SEQUENCES.has(type)) return `object of type '${type}' has no attribute ${repr(key)}`;
    return `${type} object has no element ${repr(key)}`;
  },
};

function finisher(missing: (value: Undefined) => Value): (value: Value) => Value {
  return function finish(value) {
    if (typeof value !== 'object' || value === null || value === OMIT) return value;
    const members = finishMembers(value, finish, { tuples: false, sets: false });
    if (members !== undefined) return members;
    if (value instanceof Opaque) {
      if (value instanceof Undefined && !value.soft) return value.reason === undefined ? missing(value) : value.trip();
      if (value instanceof View) return finishItems(value.items, finish);
      return unsupported(value);
    }
    if (value instanceof DateTime && typeName(value) === 'timedelta') return unsupported(value);
    return value instanceof Markup ? value.text : value;
  };
}

const finishModern = finisher((value) => value.trip());

/** What a value adds to a text in modern typing; nothing for None. */
function printModern(value: Value): string {
  if (value === null || value === OMIT) return '';
  return str(typeof value === 'object' ? printable(value) : value);
}

/** A value as text shows it in modern typing: tuples as lists, without what is omitted. */
function printable(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Template || value instanceof DateTime)
    return value;
  if (value instanceof View) return finishItems(value.items, printable);
  return finishMembers(value, printable, { tuples: false, sets: true }) ?? value;
}

export const CLASSIC: Typing = {
  name: 'classic',
  passesUndefined: false,
  listsViews: false,
  whole: true,
  filtered: (value) => value,
  piece: (value) => (value === OMIT ? value : printClassic(value)),
  capture(pieces, asText) {
    const value = CLASSIC.join(pieces);
    return asText ? value : CLASSIC.result(value, NO_NEWLINES, 'any');
  },
  join(pieces) {
    if (pieces.length === 1 && pieces[0] === OMIT) return OMIT;
    return joinText(pieces, (value) => (value === OMIT ? '' : printClassic(value)));
  },
  result(value, ending, as) {
    if (as === 'name' || value === OMIT) return value;
    const text = str(value);
    const kept = keepNewlines(text, ending);
    if (as === 'text') return kept;
    const converts =
      text === 'True' || text === 'False' || text.startsWith('[') || (text.startsWith('{') && !text.startsWith('{{'));
    const literal = converts ? readLiteral(text) : undefined;
    if (literal === undefined) return kept;
    return text.includes(OMITTED) ? restoreOmitted(literal) : literal;
  },
  finish(value) {
    if (typeof value !== 'object' || value === null || value === OMIT) return value;
    const members = finishMembers(value, CLASSIC.finish, { tuples: true, sets: true });
    if (members !== undefined) return members;
    if (value instanceof Opaque) {
      if (value instanceof Undefined && !value.soft) return value.trip();
      const items = behaviour(value).iterate?.();
      return items === undefined ? str(value) : finishItems([...items], CLASSIC.finish);
    }
    return value instanceof Markup ? value.text : value;
  },
  missing(target, key) {
    if (isText(key)) return `'${describe(target)}' has no attribute ${repr(key)}`;
    return `${describe(target)} has no element ${repr(key)}`;
  },
};

/** What was omitted within a value that was printed and read again. */
function restoreOmitted(value: Value): Value {
  if (value === OMITTED) return OMIT;
  if (Array.isArray(value)) return value.map(restoreOmitted);
  if (isDict(value)) return new Map(Array.from(value, ([key, item]) => [key, restoreOmitted(item)]));
  return value;
}

/** What a value adds to a text in classic typing: iterators as lists, bytes as the text they are. */
function printClassic(value: Value): string {
  if (value === null) return '';
  if (value instanceof Bytes) return decodeBytes(Buffer.from(value.data), 'utf-8');
  const items = value instanceof Opaque && !(value instanceof Undefined) ? behaviour(value).iterate?.() : undefined;
  return str(items === undefined ? value : [...items]);
}

/** A type as Jinja2's own messages name it. */
function describe(target: Value): string {
  if (target === null) return 'None';
  return target !== null && isObject(target) ? `${typeName(target)} object` : `${typeName(target)} object`;
}

/** The typing of the name. */
export function typingOf(name: 'modern' | 'classic'): Typing {
  return name === 'modern' ? MODERN : CLASSIC;
}
