// A value that is not there. It travels through an expression until `default` or `is defined` takes it, or until somebody
// needs what it stands for: then it throws the message of the place where it arose.

import { Opaque, type Value } from '../model/value.ts';
import { Fault } from './fault.ts';

/** Something undefined, or something whose evaluation failed (then `reason` is the failure, thrown again when it is used). */
export class Undefined extends Opaque {
  readonly typeName = 'Undefined';
  /** The variable or attribute that is missing; undefined where it has no name. */
  readonly missing: string | undefined;
  readonly message: string;
  readonly reason: Error | undefined;
  /** True for an `if` without `else` that does not hold: it prints nothing, is false, empty and equal to nothing else; it
   * can be compared, searched and looped over, and cannot be a value of its own. */
  readonly soft: boolean;
  /** Where it arose, as the evaluator knows it; for messages only. */
  origin: unknown;
  /** Names that there are in its place, of which one may have been meant. */
  names: (() => Iterable<string>) | undefined;

  constructor(message: string, missing?: string, reason?: Error, soft = false) {
    super();
    this.message = message;
    this.missing = missing;
    this.reason = reason;
    this.soft = soft;
  }

  /** Throws, since the value was needed. */
  trip(): never {
    throw this.reason ?? new UndefinedFault(this.soft ? this.#hard() : this);
  }

  /** A soft value that was needed after all is as undefined as any other. */
  #hard(): Undefined {
    const value = new Undefined(this.message);
    value.origin = this.origin;
    return value;
  }
}

/** The fault that using an undefined value is. */
export class UndefinedFault extends Fault {
  readonly value: Undefined;
  constructor(value: Undefined) {
    super('UndefinedError', value.message);
    this.value = value;
    this.origin = value.origin;
  }
}

/** The items, of which all have to be there. Throws for the first that is not. */
export function allDefined<T extends readonly Value[]>(items: T): T {
  for (const item of items) if (item instanceof Undefined && !item.soft) item.trip();
  return items;
}
