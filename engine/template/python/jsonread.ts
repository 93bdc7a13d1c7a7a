// Python's json.loads: ints of any size, floats kept apart from ints, NaN and Infinity, and Python's words for errors.

import { type Dict, float, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { int } from './numbers.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const WORDS: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];
const DEEPEST = 900;

/**
 * `json.loads(text)`. Throws a ValueError fault that names line, column and character. With `controls`, characters such as
 * line ends may stand in text, as Python's `strict=False` has it.
 */
export function loadJson(text: string, { controls = false } = {}): Value {
  if (text.startsWith('\ufeff'))
    throw new Fault('ValueError', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)');
  return new JsonReader(text, controls).read();
}

class JsonReader {
  private readonly text: string;
  private readonly controls: boolean;
  private at = 0;
  private depth = 0;

  constructor(text: string, controls: boolean) {
    this.text = text;
    this.controls = controls;
  }

  read(): Value {
    this.space();
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('Extra data');
    return value;
  }

  private value(): Value {
    const char = this.text[this.at];
    if (char === '"') return this.string();
    if (char === '{' || char === '[') {
      if (++this.depth > DEEPEST) throw new Fault('LimitError', 'maximum recursion depth exceeded while decoding JSON');
      const container = char === '{' ? this.object() : this.array();
      this.depth -= 1;
      return container;
    }
    const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
    number.lastIndex = this.at;
    const found = number.exec(this.text);
    if (found !== null) {
      this.at += found[0].length;
      if (found[1] === undefined && found[2] === undefined) return int(BigInt(found[0]));
      return float(Number(found[0]));
    }
    for (const [word, value] of WORDS)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    return this.fail('Expecting value');
  }

  private array(): Value {
    const items: Value[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === ']') {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value());
      this.space();
      const char = this.text[this.at];
      if (char === ']') {
        this.at += 1;
        return items;
      }
      if (char !== ',') this.fail("Expecting ',' delimiter");
      this.at += 1;
      this.space();
    }
  }

  private object(): Value {
    const dict: Dict = new Map();
    this.at += 1;
    this.space();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return dict;
    }
    for (;;) {
      if (this.text[this.at] !== '"') this.fail('Expecting property name enclosed in double quotes');
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') this.fail("Expecting ':' delimiter");
      this.at += 1;
      this.space();
      dict.set(key, this.value());
      this.space();
      const char = this.text[this.at];
      if (char === '}') {
        this.at += 1;
        return dict;
      }
      if (char !== ',') this.fail("Expecting ',' delimiter");
      this.at += 1;
      this.space();
    }
  }

  private string(): string {
    const start = this.at;
    let text = '';
    let from = start + 1;
    for (let i = from; ; i++) {
      const char = this.text[i];
      if (char === undefined) return this.fail('Unterminated string starting at', start);
      if (char === '"') {
        this.at = i + 1;
        return text + this.text.slice(from, i);
      }
      if (char < ' ' && !this.controls) return this.fail('Invalid control character at', i);
      if (char !== '\\') continue;
      text += this.text.slice(from, i);
      const code = this.text[i + 1];
      if (code === 'u') {
        const hex = this.text.slice(i + 2, i + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) return this.fail('Invalid \\uXXXX escape', i + 1);
        text += String.fromCharCode(Number.parseInt(hex, 16));
        i += 5;
      } else {
        const plain = ESCAPES[code ?? ''];
        if (plain === undefined)
          return code === undefined
            ? this.fail('Unterminated string starting at', start)
            : this.fail('Invalid \\escape', i);
        text += plain;
        i += 1;
      }
      from = i + 1;
    }
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '-')) this.at += 1;
  }

  private fail(reason: string, at = this.at): never {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    throw new Fault('ValueError', `${reason}: line ${line} column ${column} (char ${at})`);
  }
}
