// How the methods of Python's types are written down: a table per type without prototype, so that a name that is not in
// it leads nowhere.

import type { Value } from '../../model/value.ts';
import type { Run } from '../evaluate/run.ts';
import { typeFault } from '../fault.ts';
import { bind, type CallArgs, type Signature } from '../library.ts';

export interface Method {
  call(self: Value, args: CallArgs, run: Run): Value;
  /** True for what is read without a call (`x.real`). */
  readonly property?: boolean;
}

export type Methods = Readonly<Record<string, Method>>;

type Body<Self> = (self: Self, args: (Value | undefined)[], run: Run) => Value;

/** One method: its parameters as `bind` takes them, and what it does. */
export type Entry<Self> = readonly [signature: Signature, body: Body<Self>];

/** A table of methods for the type `type`. */
export function methods<Self extends Value>(type: string, entries: Readonly<Record<string, Entry<Self>>>): Methods {
  const table: Record<string, Method> = Object.create(null);
  for (const [name, [signature, body]] of Object.entries(entries))
    table[name] = {
      call: (self, args, run) => {
        if ((signature.length === 0 || signature[0] === '/') && args.positional.length > 0)
          typeFault(`${type}.${name}() takes no arguments (${args.positional.length} given)`);
        return body(self as Self, bind(`${type}.${name}`, args, signature), run);
      },
    };
  return table;
}

/** A table of attributes that are read without a call. */
export function properties<Self extends Value>(entries: Readonly<Record<string, (self: Self) => Value>>): Methods {
  const table: Record<string, Method> = Object.create(null);
  for (const [name, read] of Object.entries(entries))
    table[name] = { property: true, call: (self) => read(self as Self) };
  return table;
}

/** Several tables as one. */
export function joined(...tables: readonly Methods[]): Methods {
  return Object.assign(Object.create(null) as Record<string, Method>, ...tables);
}
