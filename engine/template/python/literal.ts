// Python's literals, and nothing that computes: how classic typing reads text that looks like a value.

import { Bytes, type Dict, float, Tuple, type Value } from '../../model/value.ts';
import { unescape } from '../syntax/strings.ts';
import { negate } from './arithmetic.ts';
import { makeSet } from './compare.ts';
import { dictSet } from './dicts.ts';
import { isNumeric, parseInteger } from './numbers.ts';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
/** JSON's words, which Ansible takes along. */
const JSON_WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const BLANK = /(?:[ \t\f\n\r]|\\\r?\n|#[^\n]*)+/y;
const STRING =
  /([bB]?[rR]|[rR]?[bB]|[uU])?("""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')/y;
const FLOAT = /(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const INTEGER = /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const MOST_NESTED = 90;

/** Thrown where the text is no literal. */
class Unreadable extends Error {}

/**
 * The value that the text is the literal of; undefined where it is none. Where `json`, its words are known too. Throws a
 * Fault for keys that cannot be hashed.
 */
export function readLiteral(text: string, json = true): Value | undefined {
  try {
    return new Reader(text, json).whole();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #json: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, json: boolean) {
    this.#text = text;
    this.#json = json;
  }

  whole(): Value {
    const first = this.#value();
    if (this.#at === this.#text.length) return first;
    if (!this.#skip(',')) return this.#fail();
    // Several with commas between are a tuple.
    return new Tuple([first, ...this.#items(undefined).items]);
  }

  #fail(): never {
    throw new Unreadable();
  }

  /** What the pattern takes here. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  /** Is the sign next? Then it is read, and the blanks behind it. */
  #skip(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#take(BLANK);
    return true;
  }

  #value(): Value {
    this.#depth += 1;
    if (this.#depth > MOST_NESTED) this.#fail();
    this.#take(BLANK);
    const value = this.#bare();
    this.#take(BLANK);
    this.#depth -= 1;
    return value;
  }

  #bare(): Value {
    if (this.#skip('[')) return this.#items(']').items;
    if (this.#skip('(')) {
      const { items, comma } = this.#items(')');
      return items.length === 1 && !comma ? items[0]! : new Tuple(items);
    }
    if (this.#skip('{')) return this.#braces();
    if (this.#skip('-')) return negate(this.#operand());
    if (this.#skip('+')) return this.#operand();
    return this.#string() ?? this.#number() ?? this.#word();
  }

  #operand(): Value {
    const value = this.#skip('(') ? this.#closed(this.#operand()) : (this.#number() ?? this.#fail());
    return isNumeric(value) ? value : this.#fail();
  }

  #closed(value: Value): Value {
    this.#take(BLANK);
    return this.#skip(')') ? value : this.#fail();
  }

  /** Items up to the closing sign, or to the end of the text. */
  #items(end: string | undefined): { items: Value[]; comma: boolean } {
    const items: Value[] = [];
    let comma = false;
    while (end === undefined ? this.#at < this.#text.length : !this.#skip(end)) {
      if (items.length > 0 && !comma) this.#fail();
      items.push(this.#value());
      comma = this.#skip(',');
    }
    return { items, comma };
  }

  #braces(): Value {
    const dict: Dict = new Map();
    if (this.#skip('}')) return dict;
    const first = this.#value();
    if (this.#text[this.#at] !== ':') {
      const comma = this.#skip(',');
      if (!comma && this.#text[this.#at] !== '}') this.#fail();
      return makeSet([first, ...this.#items('}').items]);
    }
    for (let key = first; ; key = this.#value()) {
      if (!this.#skip(':')) this.#fail();
      dictSet(dict, key, this.#value());
      const comma = this.#skip(',');
      if (this.#skip('}')) return dict;
      if (!comma) this.#fail();
    }
  }

  /** Strings, one behind the other. */
  #string(): Value | undefined {
    let text: string | undefined;
    let bytes: boolean | undefined;
    for (let found = this.#take(STRING); found !== null; found = this.#take(STRING)) {
      const prefix = (found[1] ?? '').toLowerCase();
      const quoted = found[2]!;
      const inner = quoted.slice(/^(?:"""|''')/.test(quoted) ? 3 : 1, /^(?:"""|''')/.test(quoted) ? -3 : -1);
      if (bytes !== undefined && bytes !== prefix.includes('b')) this.#fail();
      bytes = prefix.includes('b');
      if (bytes && /[^\x00-\x7f]/.test(inner)) this.#fail();
      text = (text ?? '') + (prefix.includes('r') ? inner : unescape(inner, () => this.#fail()));
      this.#take(BLANK);
    }
    return text !== undefined && bytes ? new Bytes(Buffer.from(text, 'latin1')) : text;
  }

  #number(): Value | undefined {
    const from = this.#at;
    const [whole] = this.#take(INTEGER) ?? [];
    const end = this.#at;
    this.#at = from;
    const [broken] = this.#take(FLOAT) ?? [];
    if (whole === undefined && broken === undefined) return undefined;
    const isInt = whole !== undefined && whole.length >= (broken?.length ?? 0);
    this.#at = isInt ? end : this.#at;
    if (/[\p{L}\p{N}_]/u.test(this.#text[this.#at] ?? '')) this.#fail();
    this.#take(BLANK);
    return isInt ? (parseInteger(whole, 0) ?? this.#fail()) : float(Number(broken!.replaceAll('_', '')));
  }

  #word(): Value {
    const [word = ''] = this.#take(NAME) ?? [];
    const value = WORDS.get(word) ?? (this.#json ? JSON_WORDS.get(word) : undefined);
    if (value !== undefined || word === 'None' || (this.#json && word === 'null')) return value ?? null;
    if (word === 'set' && this.#text.startsWith('()', this.#at)) {
      this.#at += 2;
      return makeSet([]);
    }
    return this.#fail();
  }
}
