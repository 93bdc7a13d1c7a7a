// What the rooms of one host-task hand each other: the task as all its hosts share it, one attempt, one outcome.

import type { HostResult, TaskIdentity } from '../model/event.ts';
import type { Task } from '../model/playbook.ts';
import type { Certainty, TaskResult } from '../model/result.ts';
import type { JsonObject, Value } from '../model/value.ts';
import type { RunEffect } from '../module/control.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import type { Context } from '../template/contract.ts';
import type { Delegate } from './delegate.ts';
import type { Keywords } from './directives.ts';
import type { Engine } from './engine.ts';
import { asRegistered } from './registered.ts';
import type { Frame } from './state.ts';

/** One task about to run, as all its hosts share it. */
export interface TaskSite {
  readonly engine: Engine;
  readonly frame: Frame;
  readonly task: Task;
  readonly identity: TaskIdentity;
  readonly found: FoundModule;
}

/** An effect with the item that it came of. */
export interface ItemEffect {
  readonly effect: RunEffect;
  readonly item: ReadonlyMap<string, Value> | undefined;
  readonly label: string | undefined;
  readonly delegate: Delegate | undefined;
  readonly certainty: Certainty;
  /** What was written of the variables that it sets. */
  readonly sources: ReadonlyMap<string, Iterable<Value>>;
}

/** What became of one execution: of a task without a loop, or of one item. */
export interface ItemOutcome {
  readonly result: TaskResult;
  /** The result as `register` holds it. */
  readonly registered: JsonObject;
  readonly effects: readonly ItemEffect[];
  readonly notified: readonly string[];
  readonly delegate: Delegate | undefined;
  readonly noLog: boolean;
  readonly identity: TaskIdentity;
}

/** What became of a task on a host, its loop included. */
export interface HostOutcome extends ItemOutcome {
  readonly host: string;
  readonly loop: boolean;
  /** For listeners: what no_log hides is gone. */
  readonly outcome: HostResult;
}

/** One execution about to be tried: its condition holds, its keywords are read. */
export interface Attempt {
  readonly site: TaskSite;
  readonly host: string;
  /** What the loop brings for this item. */
  readonly variables: ReadonlyMap<string, Value> | undefined;
  readonly context: Context;
  readonly keywords: Keywords;
  readonly certainty: Certainty;
  readonly delegate: Delegate | undefined;
  readonly checkMode: boolean;
  readonly diff: boolean;
  readonly noLog: boolean;
  readonly identity: TaskIdentity;
}

/** An outcome that asks for nothing: no effect, no notification. */
export function bareOutcome(
  site: TaskSite,
  result: TaskResult,
  known: Partial<Pick<ItemOutcome, 'delegate' | 'noLog' | 'identity'>> = {},
): ItemOutcome {
  return {
    result,
    registered: asRegistered(result),
    effects: [],
    notified: [],
    delegate: undefined,
    noLog: site.identity.noLog,
    identity: site.identity,
    ...known,
  };
}

/** An include that is about to be carried out is told by what it includes. */
export function includes(outcome: Pick<ItemOutcome, 'effects'>): boolean {
  return outcome.effects.some(({ effect }) => effect.kind === 'include');
}

/** A module that shows nothing of itself. */
export function isSilent(found: FoundModule): boolean {
  return isControl(found.module) && found.module.silent === true;
}
