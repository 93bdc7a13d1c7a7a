// Values of ini inventories are typed by Python's literal rules: `1`, `[1, 'a']`, `{'a': True}` and `None` mean what
// they mean there, and everything that is no such literal is text.

import type { Position } from '../model/position.ts';
import { type Dict, float, PySet, Tuple, trusted, type Value } from '../model/value.ts';

/** The value of a text by Python's literal rules, or the text itself (a template when it looks like one). */
export function readLiteral(text: string, position?: Position): Value {
  const reader = new LiteralReader(text);
  try {
    const value = reader.whole();
    return typeof value === 'string' ? trusted(value, position) : value;
  } catch (error) {
    if (!(error instanceof NoLiteral)) throw error;
    return trusted(text, position);
  }
}

class NoLiteral extends Error {}

const NUMBER =
  /^(?:0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*|(?:\d+(?:_\d+)*)?\.\d+(?:_\d+)*(?:[eE][-+]?\d+)?|\d+(?:_\d+)*\.(?:[eE][-+]?\d+)?|\d+(?:_\d+)*[eE][-+]?\d+|\d+(?:_\d+)*)(?![\w.])/;
const STRING_START = /^([bB]|[rR]|[uU]|[bB][rR]|[rR][bB])?('''|"""|'|")/;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

class LiteralReader {
  #rest: string;
  constructor(text: string) {
    this.#rest = text;
  }

  whole(): Value {
    if (/^\s*$/.test(this.#rest)) throw new NoLiteral();
    const value = this.#list();
    this.#space();
    if (this.#rest !== '') throw new NoLiteral();
    return value;
  }

  /** A value, or several with commas: a tuple without brackets. */
  #list(): Value {
    const first = this.#value();
    this.#space();
    if (!this.#rest.startsWith(',')) return first;
    const items = [first];
    while (this.#take(',')) {
      if (this.#rest === '') break;
      items.push(this.#value());
    }
    return new Tuple(items);
  }

  #value(): Value {
    this.#space();
    const sign = /^[-+]/.exec(this.#rest);
    if (sign) {
      this.#rest = this.#rest.slice(1);
      this.#space();
      return this.#number(sign[0] === '-');
    }
    if (/^[.\d]/.test(this.#rest)) return this.#number(false);
    if (STRING_START.test(this.#rest)) return this.#strings();
    const open = this.#rest[0];
    if (open === '[') return this.#items(']');
    if (open === '(') return this.#tuple();
    if (open === '{') return this.#braces();
    const word = /^(?:True|False|None)(?!\w)/.exec(this.#rest)?.[0];
    if (word === undefined) throw new NoLiteral();
    this.#rest = this.#rest.slice(word.length);
    return word === 'None' ? null : word === 'True';
  }

  #number(negative: boolean): Value {
    const text = NUMBER.exec(this.#rest)?.[0];
    if (text === undefined || (/^0[\d_]*[1-9]/.test(text) && !/[.eExXoObB]/.test(text))) throw new NoLiteral();
    this.#rest = this.#rest.slice(text.length);
    const digits = text.replaceAll('_', '');
    if (/[.eE]/.test(digits) && !/^0[xX]/.test(digits)) return float(Number(digits) * (negative ? -1 : 1));
    const whole = negative ? -BigInt(digits) : BigInt(digits);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }

  #strings(): string {
    let all = '';
    while (STRING_START.test(this.#rest)) {
      all += this.#string();
      this.#space();
    }
    return all;
  }

  #string(): string {
    const [whole, prefix = '', quote] = STRING_START.exec(this.#rest)!;
    let index = whole.length;
    let text = '';
    for (;;) {
      if (index >= this.#rest.length) throw new NoLiteral();
      if (this.#rest.startsWith(quote!, index)) break;
      const char = this.#rest[index]!;
      if (char === '\n' && quote!.length === 1) throw new NoLiteral();
      if (char !== '\\' || /r/i.test(prefix)) {
        text += char;
        index++;
        continue;
      }
      const found = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/.exec(
        this.#rest.slice(index),
      );
      if (!found) throw new NoLiteral();
      const [written, hex, short, long, octal, letter] = found;
      if (letter !== undefined) text += ESCAPES[letter] ?? `\\${letter}`;
      else
        text += String.fromCodePoint(
          octal === undefined ? Number.parseInt(hex ?? short ?? long!, 16) : Number.parseInt(octal, 8),
        );
      index += written.length;
    }
    this.#rest = this.#rest.slice(index + quote!.length);
    return text;
  }

  #items(close: string): Value[] {
    this.#rest = this.#rest.slice(1);
    const items: Value[] = [];
    while (!this.#take(close)) {
      items.push(this.#value());
      if (this.#take(close)) break;
      if (!this.#take(',')) throw new NoLiteral();
    }
    return items;
  }

  #tuple(): Value {
    const before = this.#rest;
    const items = this.#items(')');
    const comma = /,\s*\)$/.test(before.slice(0, before.length - this.#rest.length).trimEnd());
    return items.length === 1 && !comma ? items[0]! : new Tuple(items);
  }

  #braces(): Value {
    this.#rest = this.#rest.slice(1);
    const dict: Dict = new Map();
    const items: Value[] = [];
    while (!this.#take('}')) {
      const key = this.#value();
      if (this.#take(':')) dict.set(key, this.#value());
      else items.push(key);
      if (this.#take('}')) break;
      if (!this.#take(',')) throw new NoLiteral();
    }
    if (items.length === 0) return dict;
    if (dict.size > 0) throw new NoLiteral();
    return new PySet(items);
  }

  #take(text: string): boolean {
    this.#space();
    if (!this.#rest.startsWith(text)) return false;
    this.#rest = this.#rest.slice(text.length);
    this.#space();
    return true;
  }

  #space(): void {
    this.#rest = this.#rest.replace(/^(?:\s|#[^\n]*|\\\n)+/, '');
  }
}
