// What a template can call: globals, macros, bound methods, blocks.

import { Opaque, type Value } from '../../model/value.ts';
import type { CallArgs } from '../library.ts';
import type { Run } from './run.ts';

/** Something that can be called. */
export abstract class Callable extends Opaque {
  readonly typeName: string = 'function';
  abstract call(args: CallArgs, run: Run): Value;
}

/** A function of ours under the name that templates know it by. */
export class Native extends Callable {
  readonly name: string;
  override readonly typeName: string;
  readonly #body: (args: CallArgs, run: Run) => Value;

  constructor(name: string, body: (args: CallArgs, run: Run) => Value, typeName = 'function') {
    super();
    this.name = name;
    this.typeName = typeName;
    this.#body = body;
  }

  call(args: CallArgs, run: Run): Value {
    return this.#body(args, run);
  }

  repr(): string {
    return this.typeName === 'function' ? `<function ${this.name}>` : `<built-in method ${this.name}>`;
  }
}
