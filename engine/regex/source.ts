// The text of a pattern, read sign by sign; an escape is one sign.

import { RegexFault } from './fault.ts';

export class Source {
  readonly #text: string;
  #at = 0;
  /** The next sign: a character, a backslash with the character behind it, or empty at the end. */
  next = '';

  constructor(text: string) {
    this.#text = text;
    this.#read();
  }

  #read(): void {
    const sign = this.#sign(this.#at);
    if (sign !== '\\') this.next = sign;
    else {
      const escaped = this.#sign(this.#at + 1);
      if (escaped === '') this.fail('bad escape (end of pattern)', this.#at);
      this.next = `\\${escaped}`;
    }
  }

  #sign(at: number): string {
    const code = this.#text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Where the next sign starts. */
  get at(): number {
    return this.#at;
  }

  get(): string {
    const sign = this.next;
    this.#at += sign.length;
    this.#read();
    return sign;
  }

  seek(at: number): void {
    this.#at = at;
    this.#read();
  }

  skip(sign: string): boolean {
    if (this.next !== sign || sign === '') return false;
    this.get();
    return true;
  }

  /** At most `most` signs of those that `pattern` takes. */
  take(pattern: RegExp, most: number): string {
    let text = '';
    while (text.length < most && this.next !== '' && pattern.test(this.next)) text += this.get();
    return text;
  }

  /** All up to the mark, which is read too; `name` says what it is. */
  until(mark: string, name: string): string {
    const from = this.#at;
    let text = '';
    for (;;) {
      const sign = this.get();
      if (sign === '') {
        if (text === '') this.fail(`missing ${name}`, this.#at);
        this.fail(`missing ${mark}, unterminated name`, from);
      }
      if (sign === mark) {
        if (text === '') this.fail(`missing ${name}`, this.#at - mark.length);
        return text;
      }
      text += sign;
    }
  }

  /** Throws the fault; `at` counts characters as Python does. */
  fail(message: string, at: number): never {
    throw new RegexFault('invalid', `${message} at position ${Array.from(this.#text.slice(0, at)).length}`);
  }
}
