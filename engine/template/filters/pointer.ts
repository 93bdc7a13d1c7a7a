// JSON Pointer (RFC 6901) over values, and the operations of JSON Patch (RFC 6902), none of which changes what it was given.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { equals } from '../python/compare.ts';
import { repr } from '../python/text.ts';
import { typeName } from '../python/types.ts';

/** A patch that cannot be applied. */
export class PatchError extends Error {}
/** An operation `test` that does not hold. */
export class PatchTestError extends PatchError {}

/** One operation, as it is written. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Value;
}

type Pointer = readonly string[];

function parse(path: string): Pointer {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new PatchError('Location must start with /');
  const escape = /~(?![01])/.exec(path);
  if (escape !== null) throw new PatchError(`Found invalid escape ${path.slice(escape.index, escape.index + 2)}`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A key as a part of a pointer. */
export function escapePart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The place in a list that a part means; its length for `-`. */
function indexOf(list: readonly Value[], part: string): number {
  if (part === '-') return list.length;
  if (!/^\d+$/.test(part)) throw new PatchError(`'${part}' is not a valid sequence index`);
  return Number(part);
}

function child(holder: Value, part: string): Value {
  if (isDict(holder)) {
    const found = holder.get(part);
    if (found === undefined) throw new PatchError(`member '${part}' not found in ${repr(holder)}`);
    return found;
  }
  if (Array.isArray(holder)) {
    const found = holder[indexOf(holder, part)];
    if (found === undefined) throw new PatchError(`index '${part}' is out of bounds`);
    return found;
  }
  throw new PatchError(`a value of type '${typeName(holder)}' has no member '${part}'`);
}

/** The document with the container at the pointer's end changed; every container on the way is made anew. */
function change(document: Value, [part, ...rest]: Pointer, edit: (holder: Value, part: string) => Value): Value {
  if (rest.length === 0) return edit(document, part!);
  const changed = change(child(document, part!), rest, edit);
  return Array.isArray(document)
    ? document.with(indexOf(document, part!), changed)
    : new Map(document as Dict).set(part!, changed);
}

function add(document: Value, pointer: Pointer, value: Value): Value {
  if (pointer.length === 0) return value;
  return change(document, pointer, (holder, part) => {
    if (isDict(holder)) return new Map(holder).set(part, value);
    if (!Array.isArray(holder)) throw new PatchError(`nothing can be added to a value of type '${typeName(holder)}'`);
    const index = indexOf(holder, part);
    if (index > holder.length) throw new PatchError("can't insert outside of list");
    return holder.toSpliced(index, 0, value);
  });
}

function remove(document: Value, pointer: Pointer): Value {
  if (pointer.length === 0) throw new PatchError("can't remove the whole document");
  return change(document, pointer, (holder, part) => {
    if (isDict(holder) && holder.has(part)) {
      const rest: Dict = new Map(holder);
      rest.delete(part);
      return rest;
    }
    if (Array.isArray(holder) && indexOf(holder, part) < holder.length)
      return holder.toSpliced(indexOf(holder, part), 1);
    throw new PatchError(`can't remove a non-existent object '${part}'`);
  });
}

function replace(document: Value, pointer: Pointer, value: Value): Value {
  if (pointer.length === 0) return value;
  return change(document, pointer, (holder, part) => {
    if (isDict(holder) && holder.has(part)) return new Map(holder).set(part, value);
    if (!Array.isArray(holder)) throw new PatchError(`can't replace a non-existent object '${part}'`);
    const index = indexOf(holder, part);
    if (index >= holder.length) throw new PatchError("can't replace outside of list");
    return holder.with(index, value);
  });
}

function source(document: Value, { op, from }: Operation): [pointer: Pointer, value: Value] {
  if (from === undefined) throw new PatchError(`The operation '${op}' does not contain a 'from' member`);
  const pointer = parse(from);
  if (pointer.length === 0) throw new PatchError(`the whole document cannot be the source of '${op}'`);
  return [pointer, pointer.reduce(child, document)];
}

function move(document: Value, operation: Operation, to: Pointer): Value {
  const [from, value] = source(document, operation);
  if (operation.from === operation.path) return document;
  if (isDict(value) && from.every((part, i) => part === to[i]))
    throw new PatchError('Cannot move values into their own children');
  return add(remove(document, from), to, value);
}

function check(document: Value, pointer: Pointer, wanted: Value): void {
  let found: Value;
  try {
    found = pointer.reduce(child, document);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new PatchTestError(error.message);
  }
  if (!equals(found, wanted)) throw new PatchTestError(`${repr(found)} is not equal to tested value ${repr(wanted)}`);
}

/** The document after one operation. Throws a PatchError where it cannot be applied. */
export function apply(document: Value, operation: Operation): Value {
  const pointer = parse(operation.path);
  const value = (): Value => {
    if (operation.value === undefined) throw new PatchError("The operation does not contain a 'value' member");
    return operation.value;
  };
  switch (operation.op) {
    case 'add':
      return add(document, pointer, value());
    case 'remove':
      return remove(document, pointer);
    case 'replace':
      return replace(document, pointer, value());
    case 'move':
      return move(document, operation, pointer);
    case 'copy':
      return add(document, pointer, source(document, operation)[1]);
    case 'test':
      check(document, pointer, value());
      return document;
    default:
      throw new PatchError(`Unknown operation '${operation.op}'`);
  }
}
