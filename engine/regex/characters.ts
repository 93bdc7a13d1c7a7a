// Which characters there are, as Python tells them apart: by code point, with Unicode's properties or ASCII's alone.

/** A set of characters. */
export interface Charset {
  has(code: number): boolean;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Classes by their letter: digits, blanks, and what words are made of; capitals for what is not. */
export type ClassName = 'd' | 'D' | 's' | 'S' | 'w' | 'W';

const ASCII: Readonly<Record<'d' | 's' | 'w', RegExp>> = { d: /^[0-9]$/, s: /^[\t-\r ]$/, w: /^[A-Za-z0-9_]$/ };
const UNICODE: Readonly<Record<'d' | 's' | 'w', RegExp>> = {
  d: /^\p{Nd}$/u,
  s: /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u,
  w: /^[\p{L}\p{N}_]$/u,
};

/** Characters below this are looked up in a table. */
const TABLE = 256;

class Tabled implements Charset {
  readonly #table: Uint8Array;
  readonly #beyond: (code: number) => boolean;

  constructor(test: (code: number) => boolean) {
    this.#table = Uint8Array.from({ length: TABLE }, (_, code) => (test(code) ? 1 : 0));
    this.#beyond = test;
  }

  has(code: number): boolean {
    return code < TABLE ? this.#table[code] === 1 : this.#beyond(code);
  }
}

const classes = new Map<string, Charset>();

/** The set of a class. */
export function classOf(name: ClassName, ascii: boolean): Charset {
  const key = `${name}${ascii ? 'a' : ''}`;
  let set = classes.get(key);
  if (set === undefined) {
    const pattern = (ascii ? ASCII : UNICODE)[name.toLowerCase() as 'd' | 's' | 'w'];
    const negated = name !== name.toLowerCase();
    set = new Tabled((code) => pattern.test(String.fromCodePoint(code)) !== negated);
    classes.set(key, set);
  }
  return set;
}

/** The set of ranges and classes; where `fold`, without regard to case. */
export function charset(
  parts: readonly (Range | Charset)[],
  negated: boolean,
  fold: ((code: number) => readonly number[]) | undefined,
): Charset {
  const within = (code: number): boolean =>
    parts.some((part) => ('has' in part ? part.has(code) : code >= part.low && code <= part.high));
  const holds = fold === undefined ? within : (code: number): boolean => fold(code).some(within);
  return new Tabled((code) => holds(code) !== negated);
}

function single(text: string, code: number): number {
  const found = text.codePointAt(0)!;
  return text.length === (found > 0xffff ? 2 : 1) ? found : code;
}

/** The form that a character shares with those that differ in case alone. */
export function folded(code: number): number {
  const upper = single(String.fromCodePoint(code).toUpperCase(), code);
  return single(String.fromCodePoint(upper).toLowerCase(), upper);
}

/** The same where only ASCII's letters have a case. */
export function foldedAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** A character and its other cases. */
export function cases(code: number): readonly number[] {
  const low = folded(code);
  const text = String.fromCodePoint(low);
  return [code, low, single(text.toUpperCase(), code), ...(EXTRA.get(low) ?? [])];
}

/** The same where only ASCII's letters have a case. */
export function casesAscii(code: number): readonly number[] {
  const low = foldedAscii(code);
  return low >= 97 && low <= 122 ? [low, low - 32] : [code];
}

/** Small letters that share their capital with an ASCII or Latin one. */
const EXTRA: ReadonlyMap<number, readonly number[]> = new Map([
  [0x69, [0x131]],
  [0x73, [0x17f]],
  [0x6b, [0x212a]],
  [0xe5, [0x212b]],
  [0x3bc, [0xb5]],
  [0x3c3, [0x3c2]],
]);
