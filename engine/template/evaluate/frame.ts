// The names that a template makes for itself, scope within scope; what no scope knows is a variable.

import type { Value } from '../../model/value.ts';
import type { Instance } from './instance.ts';
import type { Run } from './run.ts';

export class Frame {
  readonly run: Run;
  readonly instance: Instance;
  readonly parent: Frame | undefined;
  vars: Map<string, Value> | undefined;
  /** True for what is imported without context: it sees globals and no variables. */
  readonly bare: boolean;

  constructor(run: Run, instance: Instance, parent?: Frame, bare = false) {
    this.run = run;
    this.instance = instance;
    this.parent = parent;
    this.vars = undefined;
    this.bare = parent?.bare ?? bare;
  }

  /** A scope within this one. */
  inner(): Frame {
    return new Frame(this.run, this.instance, this);
  }

  /** The value of a name: the template's own, a variable, a global; or Undefined. */
  find(name: string): Value {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      const value = frame.vars?.get(name);
      if (value !== undefined) return value;
    }
    return this.bare ? this.run.global(name) : this.run.read(name);
  }

  /** What the pieces that a macro, block or loop printed are as its value. */
  capture(pieces: readonly Value[]): Value {
    return this.run.types.capture(pieces, this.instance.unit.source.file !== undefined);
  }

  set(name: string, value: Value): void {
    this.vars ??= new Map();
    this.vars.set(name, value);
  }
}
