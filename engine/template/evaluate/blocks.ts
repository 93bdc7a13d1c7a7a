// Blocks of templates that extend each other: which one stands for a name, `super()` and `self.name()`.

import { Opaque, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { Callable, Native } from './callable.ts';
import { Frame } from './frame.ts';
import type { CompiledBlock, Instance } from './instance.ts';
import type { Run } from './run.ts';

/** Runs the most derived block of the name. */
export function runBlock(frame: Frame, name: string, scoped: boolean, out: Value[]): void {
  const stack = frame.instance.blocks.get(name) ?? [];
  enter(scoped ? frame : top(frame), frame.run, stack, 0, out);
}

function top(frame: Frame): Frame {
  let found = frame;
  while (found.parent !== undefined && found.parent.instance === frame.instance) found = found.parent;
  return found;
}

function enter(outer: Frame, run: Run, stack: readonly CompiledBlock[], level: number, out: Value[]): void {
  const block = stack[level];
  if (block === undefined) return;
  if (block.required) throw new Fault('TemplateError', `Required block '${block.name}' not found`);
  const scope = new Frame(run, outer.instance, outer);
  const next = stack[level + 1];
  if (next !== undefined) scope.set('super', new Super(outer, stack, level + 1));
  else scope.set('super', run.undefined(`there is no parent block called '${block.name}'.`, 'super'));
  run.descend(() => block.body(scope, out));
}

/** `super`: the next block of the same name up the chain. */
class Super extends Callable {
  override readonly typeName = 'BlockReference';
  readonly #outer: Frame;
  readonly #stack: readonly CompiledBlock[];
  readonly #level: number;

  constructor(outer: Frame, stack: readonly CompiledBlock[], level: number) {
    super();
    this.#outer = outer;
    this.#stack = stack;
    this.#level = level;
  }

  call(_args: unknown, run: Run): Value {
    const out: Value[] = [];
    enter(this.#outer, run, this.#stack, this.#level, out);
    return this.#outer.capture(out);
  }

  attribute(name: string): Value | undefined {
    if (name !== 'super' || this.#stack[this.#level + 1] === undefined) return undefined;
    return new Super(this.#outer, this.#stack, this.#level + 1);
  }
}

/** `self`: the template's blocks as functions. */
export class Self extends Opaque {
  readonly typeName = 'TemplateReference';
  readonly #frame: Frame;
  readonly #instance: Instance;

  constructor(frame: Frame) {
    super();
    this.#frame = frame;
    this.#instance = frame.instance;
  }

  repr(): string {
    return '<TemplateReference None>';
  }

  attribute(name: string): Value | undefined {
    if (!this.#instance.blocks.has(name)) return undefined;
    return new Native(name, () => {
      const out: Value[] = [];
      runBlock(this.#frame, name, false, out);
      return this.#frame.capture(out);
    });
  }
}
