// `for`, and the variable `loop`.

import type { Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import type { CallArgs } from '../library.ts';
import { equals, iterate, truth } from '../python/compare.ts';
import { Undefined } from '../undefined.ts';
import { Callable, Native } from './callable.ts';
import type { Frame } from './frame.ts';
import { BREAK, type Evaluate, type Execute } from './instance.ts';
import type { Run } from './run.ts';

export interface Loop {
  readonly assign: (frame: Frame, value: Value) => void;
  readonly test: Evaluate | undefined;
  readonly body: Execute;
  readonly otherwise: Execute | undefined;
  readonly recursive: boolean;
}

/** Runs the loop over what `value` holds. */
export function runLoop(loop: Loop, frame: Frame, value: Value, out: Value[], depth = 0): void {
  const items = chosen(loop, frame, iterate(value));
  if (items.length === 0) {
    loop.otherwise?.(frame.inner(), out);
    return;
  }
  const state = new LoopState(loop, frame, items, depth);
  for (state.index0 = 0; state.index0 < items.length; state.index0 += 1) {
    const scope = frame.inner();
    loop.assign(scope, items[state.index0]!);
    scope.set('loop', state);
    frame.run.count();
    if (loop.body(scope, out) === BREAK) return;
  }
}

function chosen(loop: Loop, frame: Frame, items: readonly Value[]): readonly Value[] {
  const { test } = loop;
  if (test === undefined) return items;
  return items.filter((item) => {
    const scope = frame.inner();
    loop.assign(scope, item);
    return truth(test(scope));
  });
}

class LoopState extends Callable {
  override readonly typeName = 'LoopContext';
  readonly #loop: Loop;
  readonly #frame: Frame;
  readonly #items: readonly Value[];
  readonly #depth: number;
  index0 = 0;
  #last: readonly Value[] | undefined;

  constructor(loop: Loop, frame: Frame, items: readonly Value[], depth: number) {
    super();
    this.#loop = loop;
    this.#frame = frame;
    this.#items = items;
    this.#depth = depth;
  }

  length(): number {
    return this.#items.length;
  }

  repr(): string {
    return `<LoopContext ${Math.min(this.index0 + 1, this.#items.length)}/${this.#items.length}>`;
  }

  attribute(name: string): Value | undefined {
    const count = this.#items.length;
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return count - this.index0;
      case 'revindex0':
        return count - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.index0 === count - 1;
      case 'length':
        return count;
      case 'depth':
        return this.#depth + 1;
      case 'depth0':
        return this.#depth;
      case 'previtem':
        return this.#neighbour(-1, 'there is no previous item');
      case 'nextitem':
        return this.#neighbour(1, 'there is no next item');
      case 'cycle':
        return new Native('cycle', ({ positional }) => {
          if (positional.length === 0) return typeFault('no items for cycling given');
          return positional[this.index0 % positional.length]!;
        });
      case 'changed':
        return new Native('changed', ({ positional }) => this.#changed(positional));
      default:
        return undefined;
    }
  }

  #neighbour(step: number, message: string): Value {
    const item = this.#items[this.index0 + step];
    return item === undefined ? new Undefined(message) : item;
  }

  #changed(values: readonly Value[]): boolean {
    const before = this.#last;
    this.#last = values;
    return before?.length !== values.length || !values.every((value, place) => equals(value, before[place]!));
  }

  /** `loop(children)` in a recursive loop. */
  call(args: CallArgs, run: Run): Value {
    if (!this.#loop.recursive)
      throw new Fault('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
    const [value] = args.positional;
    if (value === undefined) return typeFault('loop() takes 1 positional argument');
    const out: Value[] = [];
    run.descend(() => runLoop(this.#loop, this.#frame, value, out, this.#depth + 1));
    return this.#frame.capture(out);
  }
}
