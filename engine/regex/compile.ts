// A tree becomes a program: numbers that the machine reads, each operation with its operands behind it.

import type { Charset } from './characters.ts';
import type { Node, Place, Repeat, Tree } from './tree.ts';

/** Operations; operands in brackets. Places in the program are absolute. */
export const Op = {
  match: 0,
  /** [code] */
  character: 1,
  /** [set] */
  set: 2,
  /** [place] */
  place: 3,
  /** [second]: goes on here, and there if that fails. */
  split: 4,
  /** [to] */
  jump: 5,
  /** [slot] */
  save: 6,
  /** [group, fold]: the text of the group once more. */
  back: 7,
  /** [group, otherwise] */
  condition: 8,
  /** [width or -1, negative, behind]: what follows up to a `match` is looked for and left again. */
  look: 9,
  /** [behind]: what follows up to a `match` is not gone back into. */
  atomic: 10,
  /** [set, min, max, mode]: one of a set, many times. */
  many: 11,
  /** [loop]: starts to count. */
  loop: 12,
  /** [loop, min, max, mode, body]: one round is done. */
  round: 13,
} as const;

export const PLACES: readonly Place[] = [
  'text start',
  'text end',
  'line start',
  'line end',
  'last line end',
  'boundary',
  'no boundary',
  'ascii boundary',
  'no ascii boundary',
];
export const MODES: readonly Repeat['mode'][] = ['greedy', 'lazy', 'possessive'];

export interface Program {
  readonly code: Int32Array;
  readonly sets: readonly Charset[];
  readonly folds: readonly ((code: number) => number)[];
  readonly groupCount: number;
  readonly loopCount: number;
  /** Can it match at the start of the text only? */
  readonly anchored: boolean;
  /** Text that every match starts with. */
  readonly prefix: string;
  /** What every match starts with, where that is known. */
  readonly start: Charset | undefined;
}

/** Stands for no limit. */
export const MANY = 0x7fffffff;

/** The program of a tree. */
export function compile(tree: Tree): Program {
  const compiler = new Compiler();
  compiler.node(tree.root);
  return compiler.program(tree);
}

class Compiler {
  readonly #code: number[] = [];
  readonly #sets: Charset[] = [];
  readonly #folds: ((code: number) => number)[] = [];
  #loops = 0;

  program(tree: Tree): Program {
    this.#code.push(Op.match);
    const items = tree.root.kind === 'sequence' ? tree.root.items : [tree.root];
    const [first] = items;
    return {
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      folds: this.#folds,
      groupCount: tree.groupCount,
      loopCount: this.#loops,
      anchored: first?.kind === 'place' && first.place === 'text start',
      prefix: prefixOf(items),
      start: startOf(tree.root),
    };
  }

  node(node: Node): void {
    const code = this.#code;
    switch (node.kind) {
      case 'character':
        code.push(Op.character, node.code);
        return;
      case 'set':
        code.push(Op.set, this.#set(node.set));
        return;
      case 'place':
        code.push(Op.place, PLACES.indexOf(node.place));
        return;
      case 'sequence':
        for (const item of node.items) this.node(item);
        return;
      case 'choice':
        this.#choice(node.branches);
        return;
      case 'repeat':
        this.#repeat(node);
        return;
      case 'group':
        code.push(Op.save, 2 * node.number);
        this.node(node.item);
        code.push(Op.save, 2 * node.number + 1);
        return;
      case 'back':
        code.push(Op.back, node.number, node.fold === undefined ? -1 : this.#folds.push(node.fold) - 1);
        return;
      case 'condition': {
        code.push(Op.condition, node.number, 0);
        const otherwise = code.length - 1;
        this.node(node.yes);
        code.push(Op.jump, 0);
        const end = code.length - 1;
        code[otherwise] = code.length;
        this.node(node.no);
        code[end] = code.length;
        return;
      }
      case 'look':
        this.#apart([Op.look, node.behind ? fixedWidth(node.item) : -1, node.negative ? 1 : 0], node.item);
        return;
      case 'atomic':
        this.#apart([Op.atomic], node.item);
    }
  }

  #set(set: Charset): number {
    const known = this.#sets.indexOf(set);
    return known >= 0 ? known : this.#sets.push(set) - 1;
  }

  /** A program within the program; where it ends comes behind the operation's other operands. */
  #apart(operation: readonly number[], item: Node): void {
    const code = this.#code;
    code.push(...operation, 0);
    const behind = code.length - 1;
    this.node(item);
    code.push(Op.match);
    code[behind] = code.length;
  }

  #choice(branches: readonly Node[]): void {
    const code = this.#code;
    const ends: number[] = [];
    branches.forEach((branch, index) => {
      if (index === branches.length - 1) return this.node(branch);
      code.push(Op.split, 0);
      const second = code.length - 1;
      this.node(branch);
      code.push(Op.jump, 0);
      ends.push(code.length - 1);
      code[second] = code.length;
    });
    for (const end of ends) code[end] = code.length;
  }

  #repeat({ item, min, max: most, mode }: Repeat): void {
    const code = this.#code;
    const max = Math.min(most, MANY);
    const set = setOf(item);
    if (set !== undefined) {
      code.push(Op.many, this.#set(set), Math.min(min, MANY), max, MODES.indexOf(mode));
      return;
    }
    if (mode === 'possessive') {
      this.#apart([Op.atomic], { kind: 'repeat', item, min, max: most, mode: 'greedy' });
      return;
    }
    const loop = this.#loops++;
    code.push(Op.loop, loop, Op.jump, 0);
    const start = code.length - 1;
    const body = code.length;
    this.node(item);
    code[start] = code.length;
    code.push(Op.round, loop, min, max, MODES.indexOf(mode), body);
  }
}

/** The set that a node is, if it is one character. */
function setOf(node: Node): Charset | undefined {
  if (node.kind === 'set') return node.set;
  if (node.kind !== 'character') return undefined;
  const { code } = node;
  return { has: (other) => other === code };
}

function fixedWidth(node: Node): number {
  switch (node.kind) {
    case 'character':
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + fixedWidth(item), 0);
    case 'choice':
      return fixedWidth(node.branches[0]!);
    case 'repeat':
      return fixedWidth(node.item) * node.min;
    case 'group':
    case 'atomic':
      return fixedWidth(node.item);
    default:
      return 0;
  }
}

function prefixOf(items: readonly Node[]): string {
  let text = '';
  for (const item of items) {
    if (item.kind !== 'character') break;
    text += String.fromCodePoint(item.code);
  }
  return text;
}

/** What the node's matches start with; undefined where they may be empty, or start with anything. */
function startOf(node: Node): Charset | undefined {
  switch (node.kind) {
    case 'character':
    case 'set':
      return setOf(node);
    case 'group':
    case 'atomic':
      return startOf(node.item);
    case 'repeat':
      return node.min > 0 ? startOf(node.item) : undefined;
    case 'sequence': {
      const first = node.items.find((item) => item.kind !== 'place' && item.kind !== 'look');
      return first === undefined ? undefined : startOf(first);
    }
    case 'choice': {
      const starts = node.branches.map(startOf);
      if (starts.some((start) => start === undefined)) return undefined;
      return { has: (code) => starts.some((start) => start!.has(code)) };
    }
    default:
      return undefined;
  }
}
