// What turns one document into another, as the operations of a JSON Patch: a value that goes here and comes there moves.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { equals } from '../python/compare.ts';
import { dumpJson } from '../python/json.ts';
import { repr, str } from '../python/text.ts';
import { typeName } from '../python/types.ts';
import { dictOf } from './define.ts';
import { apply, escapePart, type Operation, PatchError } from './pointer.ts';

/** A place: the container's path, and the key or index in it. */
interface Place {
  readonly holder: string;
  key: string | number;
}

interface Step {
  readonly op: 'add' | 'remove' | 'replace' | 'move';
  readonly at: Place;
  readonly from?: Place;
  readonly value?: Value;
}

function located({ holder, key }: Place): string {
  return `${holder}/${escapePart(String(key))}`;
}

/** Steps by the value they take away or bring, the latest first. */
class Shelf {
  readonly #plain = new Map<string, number[]>();
  readonly #nested: [value: Value, step: number][] = [];

  put(value: Value, step: number): void {
    if (isDict(value) || Array.isArray(value)) this.#nested.push([value, step]);
    else this.#plain.set(label(value), [...(this.#plain.get(label(value)) ?? []), step]);
  }

  take(value: Value): number | undefined {
    if (!isDict(value) && !Array.isArray(value)) return this.#plain.get(label(value))?.pop();
    const found = this.#nested.findLastIndex(
      ([other]) => Array.isArray(other) === Array.isArray(value) && equals(other, value),
    );
    return found < 0 ? undefined : this.#nested.splice(found, 1)[0]![1];
  }
}

function label(value: Value): string {
  return `${typeName(value)} ${repr(value)}`;
}

class Recorder {
  readonly #moving: boolean;
  readonly #steps: (Step | undefined)[] = [];
  readonly #added = new Shelf();
  readonly #removed = new Shelf();

  constructor(moving: boolean) {
    this.#moving = moving;
  }

  compare(holder: string, key: string | number, old: Value, next: Value): void {
    const path = located({ holder, key });
    if (isDict(old) && isDict(next)) this.compareDicts(path, old, next);
    else if (Array.isArray(old) && Array.isArray(next)) this.compareLists(path, old, next);
    else if (dumpJson(old) !== dumpJson(next)) this.#steps.push({ op: 'replace', at: { holder, key }, value: next });
  }

  compareDicts(path: string, old: Dict, next: Dict): void {
    for (const [key, value] of old) if (!next.has(key)) this.#remove({ holder: path, key: str(key) }, value);
    for (const [key, value] of next) if (!old.has(key)) this.#add({ holder: path, key: str(key) }, value);
    for (const [key, value] of old) if (next.has(key)) this.compare(path, str(key), value, next.get(key)!);
  }

  compareLists(path: string, old: readonly Value[], next: readonly Value[]): void {
    for (let i = 0; i < Math.max(old.length, next.length); i++) {
      const [mine, theirs] = [old[i], next[i]];
      if (mine === undefined) this.#add({ holder: path, key: i }, theirs!);
      else if (theirs === undefined) this.#remove({ holder: path, key: next.length }, mine);
      else if ((isDict(mine) && isDict(theirs)) || (Array.isArray(mine) && Array.isArray(theirs)))
        this.compare(path, i, mine, theirs);
      else if (typeName(mine) !== typeName(theirs) || !equals(mine, theirs)) {
        this.#remove({ holder: path, key: i }, mine);
        this.#add({ holder: path, key: i }, theirs);
      }
    }
  }

  #add(at: Place, value: Value): void {
    const index = this.#moving ? this.#removed.take(value) : undefined;
    if (index === undefined) {
      this.#added.put(value, this.#steps.push({ op: 'add', at, value }) - 1);
      return;
    }
    const { at: from } = this.#steps[index]!;
    if (typeof from.key === 'number' && typeof at.key === 'number') this.#withdraw(index, from, 'remove');
    this.#steps[index] = undefined;
    if (located(from) !== located(at)) this.#steps.push({ op: 'move', from, at });
  }

  #remove(at: Place, value: Value): void {
    const index = this.#moving ? this.#added.take(value) : undefined;
    if (index === undefined) {
      this.#removed.put(value, this.#steps.push({ op: 'remove', at }) - 1);
      return;
    }
    const { at: to } = this.#steps[index]!;
    if (typeof to.key === 'number') this.#withdraw(index, to, 'add', at);
    this.#steps[index] = undefined;
    if (located(at) !== located(to)) this.#steps.push({ op: 'move', from: at, at: to });
  }

  /** A step is not taken after all: later ones in the same list count their places, and its own, without it. */
  #withdraw(index: number, place: Place, was: 'add' | 'remove', last?: Place): void {
    const by = was === 'remove' ? 1 : -1;
    const later = this.#steps.slice(index + 1).filter((step) => step !== undefined);
    if (last !== undefined) later.push({ op: 'remove', at: last });
    for (const step of later) {
      if (step.from !== undefined) shift(step.from, place, by, 'takes', was);
      if (step.op === 'remove') shift(step.at, place, by, 'takes', was);
      else if (step.op !== 'replace') shift(step.at, place, by, 'brings', was);
    }
  }

  /** The steps; one that removes and one that adds at the same place replace. */
  finish(): Step[] {
    const kept = this.#steps.filter((step) => step !== undefined);
    const done: Step[] = [];
    for (let i = 0; i < kept.length; i++) {
      const [step, after] = [kept[i]!, kept[i + 1]];
      if (step.op === 'remove' && after?.op === 'add' && located(step.at) === located(after.at)) {
        done.push({ op: 'replace', at: after.at, value: after.value! });
        i++;
      } else done.push(step);
    }
    return done;
  }
}

/** Moves a place of a later step, or the withdrawn one past it, whichever of the two comes behind in the list. */
function shift(later: Place, place: Place, by: number, does: 'takes' | 'brings', was: 'add' | 'remove'): void {
  if (later.holder !== place.holder || typeof later.key !== 'number' || typeof place.key !== 'number') return;
  const behind = does === 'takes' && was === 'remove' ? later.key >= place.key : later.key > place.key;
  if (behind) later.key += by;
  else place.key += does === 'takes' ? -1 : 1;
}

function written({ op, at, from, value }: Step): Value {
  const entries: [string, Value][] = [['op', op]];
  if (from !== undefined) entries.push(['from', located(from)]);
  entries.push(['path', located(at)]);
  if (value !== undefined) entries.push(['value', value]);
  return dictOf(entries);
}

function record(old: Value, next: Value, moving: boolean): Step[] {
  const recorder = new Recorder(moving);
  if (isDict(old) && isDict(next)) recorder.compareDicts('', old, next);
  else if (Array.isArray(old) && Array.isArray(next)) recorder.compareLists('', old, next);
  return recorder.finish();
}

/** The operations that make `next` of `old`. */
export function steps(old: Value, next: Value): Value[] {
  if (!(isDict(old) && isDict(next)) && !(Array.isArray(old) && Array.isArray(next)))
    return dumpJson(old) === dumpJson(next)
      ? []
      : [
          dictOf([
            ['op', 'replace'],
            ['path', ''],
            ['value', next],
          ]),
        ];
  const moving = record(old, next, true);
  return (leadsTo(moving, old, next) ? moving : record(old, next, false)).map(written);
}

/** Moves between lists of different depth can get into each other's way: then it is done without them. */
function leadsTo(taken: readonly Step[], old: Value, next: Value): boolean {
  try {
    return equals(taken.map(operation).reduce(apply, old), next);
  } catch (error) {
    if (error instanceof PatchError) return false;
    throw error;
  }
}

function operation({ op, at, from, value }: Step): Operation {
  return {
    op,
    path: located(at),
    ...(from === undefined ? {} : { from: located(from) }),
    ...(value === undefined ? {} : { value }),
  };
}
