// Templates made at random from the language's grammar, hostile pieces included: the same seed makes the same ones.

/** A source of numbers in [0, n) that a seed decides (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const ATOMS = [
  '0',
  '1',
  '-1',
  '2.5',
  '10 ** 20',
  "''",
  "'a'",
  '"é\\n"',
  'true',
  'none',
  '[]',
  '[1, 2, 3]',
  '{}',
  "{'a': 1}",
  '(1, 2)',
  'n',
  'f',
  's',
  'l',
  'd',
  'nested',
  'missing',
  'd.a',
  'd.b.c',
  'l[0]',
  'l[1:]',
  's[::-1]',
  'loop',
  'loop.index',
  'self',
  'range(3)',
  'lookup',
  'namespace(x=1)',
  'omit',
  'dict(a=1)',
  'cycler(1, 2)',
  'joiner()',
  'constructor',
  '__proto__',
  'd.constructor',
  's.__proto__',
  'varargs',
  'caller',
  'm',
  'm(1)',
  'now',
  'undef()',
];
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '~',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  'in',
  'not in',
];
const METHODS = [
  'upper()',
  'split()',
  'format(1, a=2)',
  'items()',
  'keys()',
  "get('a')",
  "replace('a', 'b')",
  'append(1)',
  'join(l)',
  'pop()',
  'bit_length()',
  'toString()',
  'x',
  'a',
];
const PIECES = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '-%}',
  '{%-',
  '|',
  '(',
  ')',
  '[',
  ']',
  ',',
  ':',
  '.',
  "'",
  '"',
  '\\',
  '\n',
  ' ',
  'if',
  'for',
  'in',
  'endfor',
  'endif',
  'else',
  'set',
  'raw',
  'endraw',
  'is',
  'not',
  '\0',
  '😀',
  '1e999',
];

/** A maker of templates over the names of filters and tests that there are. */
export class Grammar {
  readonly #below: (n: number) => number;
  readonly #filters: readonly string[];
  readonly #tests: readonly string[];

  constructor(seed: number, filters: readonly string[], tests: readonly string[]) {
    this.#below = seeded(seed);
    this.#filters = filters;
    this.#tests = tests;
  }

  /** The next template; one in ten is no sentence of the language at all. */
  template(): string {
    if (this.#below(10) === 0) return this.#many(12, () => this.#pick(PIECES), '');
    return this.#many(3, () => this.#node(2), ' ');
  }

  #pick(of: readonly string[]): string {
    return of[this.#below(of.length)]!;
  }

  #many(most: number, make: () => string, between: string): string {
    return Array.from({ length: 1 + this.#below(most) }, make).join(between);
  }

  #node(depth: number): string {
    const inner = (): string => (depth === 0 ? 'x' : this.#node(depth - 1));
    const value = (): string => this.#expression(depth + 1);
    switch (this.#below(9)) {
      case 0:
        return `{% if ${value()} %}${inner()}{% else %}${inner()}{% endif %}`;
      case 1:
        return `{% for x in ${value()} %}${inner()}{{ x }}{% else %}${inner()}{% endfor %}`;
      case 2:
        return `{% for k, v in ${value()} if ${value()} recursive %}{{ loop(${value()}) }}{% endfor %}`;
      case 3:
        return `{% set ${this.#pick(['x', 'x, y', 'ns.x', 'd'])} = ${value()} %}${inner()}`;
      case 4:
        return `{% macro m(a, b=${value()}) %}${inner()}{{ a }}{% endmacro %}{{ m(${value()}) }}`;
      case 5:
        return `{% ${this.#pick(['filter upper', 'call m(1)', 'with x = 1', 'autoescape true'])} %}${inner()}{% ${this.#pick(['endfilter', 'endcall', 'endwith', 'endautoescape'])} %}`;
      default:
        return `{{ ${value()} }}`;
    }
  }

  #expression(depth: number): string {
    if (depth <= 0) return this.#pick(ATOMS);
    const one = (): string => this.#expression(depth - 1);
    switch (this.#below(10)) {
      case 0:
        return `(${one()} ${this.#pick(BINARY)} ${one()})`;
      case 1:
        return `(${one()} is ${this.#pick(['', 'not '])}${this.#pick(this.#tests)}${this.#below(2) === 0 ? '' : `(${one()})`})`;
      case 2:
        return `(${one()} if ${one()} else ${one()})`;
      case 3:
        return `(${one()}).${this.#pick(METHODS)}`;
      case 4:
        return `(${one()})[${one()}]`;
      case 5:
        return `[${one()}, ${one()}]`;
      case 6:
        return this.#pick(ATOMS);
      default:
        return `(${one()} | ${this.#pick(this.#filters)}${this.#arguments(depth)})`;
    }
  }

  #arguments(depth: number): string {
    const one = (): string => this.#expression(depth - 2);
    return ['', `(${one()})`, `(${one()}, ${one()})`, `(attribute=${one()})`, `('upper')`][this.#below(5)]!;
  }
}
