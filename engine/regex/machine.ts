// Runs a program over a text by trying and going back. All that a try changes is on one stack, so neither a long text nor
// a deep pattern is the end of the process; a match that takes too long is given up.

import { classOf } from './characters.ts';
import { MANY, Op, type Program } from './compile.ts';
import { RegexFault } from './fault.ts';

/** Milliseconds after which a match is given up. */
const PATIENCE = 2000;
/** How often the clock is looked at: each so many steps back. */
const STEPS = 0xffff;
/** Entries of the stack (four numbers each) that one match may need. */
const MOST_KEPT = 4_000_000;

/** What an entry of the stack is: [a, b, c, kind]. */
const CHOICE = 0; // [place in the program, place in the text, -]
const GREEDY = 1; // [program, least place, place]: one character less
const LAZY = 2; // [program of `many`, place, count]: one character more
const SLOT = 3; // [slot, old value, -]: put back
const LOOP = 4; // [index, old value, -]: put back

const WORD = classOf('w', false);
const ASCII_WORD = classOf('w', true);

/** Where one match is: start and end of the whole, and of every group; -1 for those that took no part. */
export type Span = Int32Array;

export class Machine {
  readonly #program: Program;
  readonly #text: string;
  readonly #slots: Int32Array;
  readonly #loops: Int32Array;
  readonly #stack: number[] = [];
  #steps = 0;
  #deadline = 0;

  constructor(program: Program, text: string) {
    this.#program = program;
    this.#text = text;
    this.#slots = new Int32Array(2 * (program.groupCount + 1)).fill(-1);
    this.#loops = new Int32Array(2 * program.loopCount);
  }

  /**
   * The first match from a place on, or there alone; where `longer`, one at the very place must not be empty.
   * Throws a RegexFault where it takes too long.
   */
  find(from: number, only: boolean, longer: boolean): Span | undefined {
    this.#deadline = 0;
    const { anchored, prefix, start } = this.#program;
    const text = this.#text;
    for (let at = from; at <= text.length; at += this.#widthAt(at)) {
      if (anchored && at > 0) return undefined;
      if (!only && prefix !== '') {
        at = text.indexOf(prefix, at);
        if (at < 0) return undefined;
      } else if (!only && start !== undefined) {
        while (at < text.length && !start.has(text.codePointAt(at)!)) at += this.#widthAt(at);
        if (at >= text.length) return undefined;
      }
      this.#slots.fill(-1);
      this.#stack.length = 0;
      const end = this.#run(0, at, 0, longer && at === from ? at : -1);
      if (end >= 0) {
        this.#slots[0] = at;
        this.#slots[1] = end;
        return this.#slots.slice();
      }
      if (only) return undefined;
      this.#step();
    }
    return undefined;
  }

  #widthAt(at: number): number {
    const unit = this.#text.charCodeAt(at);
    return unit >= 0xd800 && unit < 0xdc00 && (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }

  #before(at: number): number {
    const unit = this.#text.charCodeAt(at - 1);
    return unit >= 0xdc00 && unit < 0xe000 && at > 1 && this.#widthAt(at - 2) === 2 ? at - 2 : at - 1;
  }

  #step(): void {
    this.#steps += 1;
    if ((this.#steps & STEPS) !== 0) return;
    const now = Date.now();
    if (this.#deadline === 0) this.#deadline = now + PATIENCE;
    else if (now > this.#deadline)
      this.#giveUp(`took longer than ${PATIENCE / 1000} seconds on a text of ${this.#text.length} characters`);
  }

  #giveUp(why: string): never {
    throw new RegexFault('unbounded', `${why}: it backtracks too much. Make its repetitions exclude each other.`);
  }

  #keep(a: number, b: number, c: number, kind: number): void {
    const stack = this.#stack;
    if (stack.length > 4 * MOST_KEPT)
      this.#giveUp(`needs too much memory on a text of ${this.#text.length} characters`);
    stack.push(a, b, c, kind);
  }

  #setSlot(slot: number, value: number): void {
    this.#keep(slot, this.#slots[slot]!, 0, SLOT);
    this.#slots[slot] = value;
  }

  #setLoop(index: number, value: number): void {
    this.#keep(index, this.#loops[index]!, 0, LOOP);
    this.#loops[index] = value;
  }

  /**
   * Runs from a place of the program up to a `match`; the place of the text where it ends, or -1. Below `base` the stack is
   * others'. An end at `forbidden` is none.
   */
  #run(from: number, start: number, base: number, forbidden: number): number {
    const { code, sets, folds } = this.#program;
    const text = this.#text;
    const size = text.length;
    const stack = this.#stack;
    let [pc, at] = [from, start];
    for (;;) {
      let failed = false;
      switch (code[pc]) {
        case Op.match:
          if (at !== forbidden) return at;
          failed = true;
          break;
        case Op.character: {
          const wanted = code[pc + 1]!;
          const unit = at < size ? text.charCodeAt(at) : -1;
          if (unit === wanted) at += 1;
          else if (wanted > 0xffff && at < size && text.codePointAt(at) === wanted) at += 2;
          else failed = true;
          pc += 2;
          break;
        }
        case Op.set: {
          if (at >= size) failed = true;
          else {
            const point = text.codePointAt(at)!;
            if (sets[code[pc + 1]!]!.has(point)) at += point > 0xffff ? 2 : 1;
            else failed = true;
          }
          pc += 2;
          break;
        }
        case Op.place:
          failed = !this.#isAt(code[pc + 1]!, at);
          pc += 2;
          break;
        case Op.split:
          this.#keep(code[pc + 1]!, at, 0, CHOICE);
          pc += 2;
          break;
        case Op.jump:
          pc = code[pc + 1]!;
          break;
        case Op.save:
          this.#setSlot(code[pc + 1]!, at);
          pc += 2;
          break;
        case Op.back: {
          const fold = code[pc + 2]!;
          const end = this.#again(code[pc + 1]!, at, fold < 0 ? undefined : folds[fold]);
          if (end < 0) failed = true;
          else at = end;
          pc += 3;
          break;
        }
        case Op.condition:
          pc = this.#slots[2 * code[pc + 1]! + 1]! >= 0 ? pc + 3 : code[pc + 2]!;
          break;
        case Op.look: {
          const mark = stack.length;
          const there = this.#back(at, code[pc + 1]!);
          const negative = code[pc + 2] === 1;
          const found = there >= 0 && this.#run(pc + 4, there, mark, -1) >= 0;
          if (negative) this.#restore(mark);
          else this.#commit(mark);
          failed = found === negative;
          pc = code[pc + 3]!;
          break;
        }
        case Op.atomic: {
          const mark = stack.length;
          const end = this.#run(pc + 2, at, mark, -1);
          this.#commit(mark);
          if (end < 0) failed = true;
          else at = end;
          pc = code[pc + 1]!;
          break;
        }
        case Op.many: {
          const end = this.#many(pc, at);
          if (end < 0) failed = true;
          else at = end;
          pc += 5;
          break;
        }
        case Op.loop: {
          const loop = 2 * code[pc + 1]!;
          this.#setLoop(loop, -1);
          this.#setLoop(loop + 1, -1);
          pc += 2;
          break;
        }
        case Op.round: {
          const next = this.#round(pc, at);
          if (next < 0) failed = true;
          else pc = next;
          break;
        }
      }
      if (!failed) continue;
      // Goes back to what was left open last.
      this.#step();
      for (;;) {
        if (stack.length <= base) return -1;
        const kind = stack.pop()!;
        const c = stack.pop()!;
        const b = stack.pop()!;
        const a = stack.pop()!;
        if (kind === SLOT) this.#slots[a] = b;
        else if (kind === LOOP) this.#loops[a] = b;
        else if (kind === CHOICE) {
          if (a < 0) {
            // A lazy loop that has to go on after all.
            const next = this.#anew(-a, b);
            if (next < 0) continue;
            pc = next;
          } else pc = a;
          at = b;
          break;
        } else if (kind === GREEDY) {
          at = this.#less(a, b, c);
          if (at < 0) continue;
          pc = a;
          break;
        } else {
          const end = this.#more(a, b, c);
          if (end < 0) continue;
          at = end;
          pc = a + 5;
          break;
        }
      }
    }
  }

  /** Puts back all that was changed since the mark. */
  #restore(mark: number): void {
    const stack = this.#stack;
    while (stack.length > mark) {
      const kind = stack.pop()!;
      stack.pop();
      const b = stack.pop()!;
      const a = stack.pop()!;
      if (kind === SLOT) this.#slots[a] = b;
      else if (kind === LOOP) this.#loops[a] = b;
    }
  }

  /** Forgets what was left open since the mark, but not what was changed. */
  #commit(mark: number): void {
    const stack = this.#stack;
    let to = mark;
    for (let from = mark; from < stack.length; from += 4) {
      const kind = stack[from + 3]!;
      if (kind !== SLOT && kind !== LOOP) continue;
      for (let index = 0; index < 4; index += 1) stack[to + index] = stack[from + index]!;
      to += 4;
    }
    stack.length = to;
  }

  /** The place so many characters before; the same for -1 of them, -1 where there are fewer. */
  #back(at: number, width: number): number {
    let there = at;
    for (let count = 0; count < width; count += 1) {
      if (there <= 0) return -1;
      there = this.#before(there);
    }
    return there;
  }

  #isAt(place: number, at: number): boolean {
    const text = this.#text;
    const size = text.length;
    switch (place) {
      case 0:
        return at === 0;
      case 1:
        return at === size;
      case 2:
        return at === 0 || text.charCodeAt(at - 1) === 10;
      case 3:
        return at === size || text.charCodeAt(at) === 10;
      case 4:
        return at === size || (at === size - 1 && text.charCodeAt(at) === 10);
      default: {
        if (size === 0) return false;
        const word = place <= 6 ? WORD : ASCII_WORD;
        const before = at > 0 && word.has(text.codePointAt(this.#before(at))!);
        const behind = at < size && word.has(text.codePointAt(at)!);
        return (before !== behind) === (place === 5 || place === 7);
      }
    }
  }

  /** Where the text of a group ends that stands here once more; -1 where it does not. */
  #again(group: number, from: number, fold: ((code: number) => number) | undefined): number {
    const [start, end] = [this.#slots[2 * group]!, this.#slots[2 * group + 1]!];
    const text = this.#text;
    if (start < 0 || end < 0) return -1;
    if (fold === undefined) {
      const part = text.slice(start, end);
      return text.startsWith(part, from) ? from + part.length : -1;
    }
    let at = from;
    for (let place = start; place < end; place += this.#widthAt(place)) {
      if (at >= text.length || fold(text.codePointAt(place)!) !== fold(text.codePointAt(at)!)) return -1;
      at += this.#widthAt(at);
    }
    return at;
  }

  /** Many of one set: as many as there are, or as few. */
  #many(pc: number, from: number): number {
    const code = this.#program.code;
    const set = this.#program.sets[code[pc + 1]!]!;
    const [min, max, mode] = [code[pc + 2]!, code[pc + 3]!, code[pc + 4]!];
    const text = this.#text;
    const most = mode === 1 ? min : max;
    let [at, count, least] = [from, 0, min === 0 ? from : -1];
    while (count < most && at < text.length) {
      const unit = text.charCodeAt(at);
      const point = unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(at)! : unit;
      if (!set.has(point)) break;
      at += point > 0xffff ? 2 : 1;
      count += 1;
      if (count === min) least = at;
    }
    if (count < min) return -1;
    if (mode === 0 && at > least) this.#keep(pc + 5, least, at, GREEDY);
    else if (mode === 1 && count < max) this.#keep(pc, at, count, LAZY);
    return at;
  }

  /** One character less, as long as what comes next can be there at all. */
  #less(pc: number, least: number, from: number): number {
    const code = this.#program.code;
    const wanted = code[pc] === Op.character && code[pc + 1]! < 0xd800 ? code[pc + 1]! : -1;
    let at = this.#before(from);
    while (wanted >= 0 && at > least && this.#text.charCodeAt(at) !== wanted) at = this.#before(at);
    if (at > least) this.#keep(pc, least, at, GREEDY);
    return at;
  }

  /** One character more, if there is one. */
  #more(pc: number, at: number, count: number): number {
    const code = this.#program.code;
    if (at >= this.#text.length) return -1;
    const point = this.#text.codePointAt(at)!;
    if (!this.#program.sets[code[pc + 1]!]!.has(point)) return -1;
    const end = at + (point > 0xffff ? 2 : 1);
    if (count + 1 < code[pc + 3]!) this.#keep(pc, end, count + 1, LAZY);
    return end;
  }

  /** A round of a loop is done: where the program goes on; -1 where it does not. */
  #round(pc: number, at: number): number {
    const code = this.#program.code;
    const loop = 2 * code[pc + 1]!;
    const [min, max] = [code[pc + 2]!, code[pc + 3]!];
    const [body, behind] = [code[pc + 5]!, pc + 6];
    const count = this.#loops[loop]! + 1;
    if (count < min) {
      this.#setLoop(loop, count);
      return body;
    }
    if (code[pc + 4] === 1) {
      this.#setLoop(loop, count);
      this.#keep(-pc, at, 0, CHOICE);
      return behind;
    }
    // A round that took nothing is not followed by another.
    if ((max !== MANY && count >= max) || at === this.#loops[loop + 1]) return behind;
    this.#keep(behind, at, 0, CHOICE);
    this.#setLoop(loop, count);
    this.#setLoop(loop + 1, at);
    return body;
  }

  /** A lazy loop goes on: where; -1 where it may not. */
  #anew(pc: number, at: number): number {
    const code = this.#program.code;
    const loop = 2 * code[pc + 1]!;
    const max = code[pc + 3]!;
    if ((max !== MANY && this.#loops[loop]! >= max) || at === this.#loops[loop + 1]) return -1;
    this.#setLoop(loop + 1, at);
    return code[pc + 5]!;
  }
}
