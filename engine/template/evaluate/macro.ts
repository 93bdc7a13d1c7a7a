// Macros, and the blocks that `call` hands to them.

import { type Dict, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import type { CallArgs } from '../library.ts';
import { Undefined } from '../undefined.ts';
import { Callable } from './callable.ts';
import type { Frame } from './frame.ts';
import type { Evaluate, Execute } from './instance.ts';
import type { Run } from './run.ts';
import type { Site } from './site.ts';

export interface Shape {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly initial: Evaluate | undefined }[];
  readonly body: Execute;
  /** Does the body use `varargs`, `kwargs`, `caller`? What it does not use is refused. */
  readonly takesMore: boolean;
  readonly takesNamed: boolean;
  readonly takesCaller: boolean;
}

export class Macro extends Callable {
  override readonly typeName = 'Macro';
  readonly #shape: Shape;
  readonly #frame: Frame;

  constructor(shape: Shape, frame: Frame) {
    super();
    this.#shape = shape;
    this.#frame = frame;
  }

  attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.#shape.name;
      case 'arguments':
        return new Tuple(this.#shape.parameters.map((parameter) => parameter.name));
      case 'catch_kwargs':
        return this.#shape.takesNamed;
      case 'catch_varargs':
        return this.#shape.takesMore;
      case 'caller':
        return this.#shape.takesCaller;
      default:
        return undefined;
    }
  }

  repr(): string {
    return `<Macro '${this.#shape.name}'>`;
  }

  call(args: CallArgs, run: Run): Value {
    const { name, parameters, takesMore, takesNamed, takesCaller } = this.#shape;
    const scope = this.#frame.inner();
    const named = new Map(args.named);
    const caller = named.get('caller');
    const declared = parameters.some((parameter) => parameter.name === 'caller');
    if (!declared) named.delete('caller');
    parameters.forEach((parameter, index) => {
      const given = index < args.positional.length ? args.positional[index] : named.get(parameter.name);
      if (args.positional.length > index && named.has(parameter.name))
        typeFault(`macro '${name}' got multiple values for argument '${parameter.name}'`);
      named.delete(parameter.name);
      scope.set(parameter.name, given === undefined ? this.#initial(parameter, scope) : given);
    });
    const more = args.positional.slice(parameters.length);
    if (takesCaller && !declared) scope.set('caller', caller ?? new Undefined('No caller defined', 'caller'));
    else if (caller !== undefined && !declared)
      typeFault(
        `macro '${name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    if (takesNamed) scope.set('kwargs', new Map(named) as Dict);
    else for (const key of named.keys()) typeFault(`macro '${name}' takes no keyword argument '${key}'`);
    if (takesMore) scope.set('varargs', new Tuple(more));
    else if (more.length > 0) typeFault(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
    return this.#run(scope, run);
  }

  #initial(parameter: Shape['parameters'][number], scope: Frame): Value {
    if (parameter.initial === undefined)
      return new Undefined(`parameter '${parameter.name}' was not provided`, parameter.name);
    return parameter.initial(scope);
  }

  #run(scope: Frame, run: Run): Value {
    const out: Value[] = [];
    run.descend(() => this.#shape.body(scope, out));
    return scope.capture(out);
  }
}

/** The macro of a definition met in `frame`. */
export function macro(shape: Shape, frame: Frame): Macro {
  return new Macro(shape, frame);
}

/** `{% call(...) callee(args) %}`: calls with the block as `caller`. */
export function callBlock(shape: Shape, frame: Frame, callee: Value, args: CallArgs, site: Site): Value {
  if (callee instanceof Undefined) return callee.trip();
  if (args.named.has('caller')) throw new Fault('TypeError', "got multiple values for keyword argument 'caller'");
  const named = new Map(args.named).set('caller', new Macro(shape, frame));
  return frame.run.call(callee, { positional: args.positional, named }, site);
}
