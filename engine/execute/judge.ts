// Conditions of a task: when, changed_when, failed_when, until, break_when.

import type { Located, Play, Task } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import type { Value } from '../model/value.ts';
import type { Context } from '../template/contract.ts';
import { joined } from './directives.ts';
import type { Engine } from './engine.ts';

export interface Condition {
  readonly value: Value;
  readonly position: Position;
}

/** All conditions that stand before a task, outermost first. */
export function conditionsOf(task: Task, play: Play): Condition[] {
  return [...play.conditions, ...joined(task, play, 'when')].flatMap(listed);
}

/** A keyword's conditions as a list; what was left empty is none. */
export function listed(located: Located | undefined): Condition[] {
  if (located === undefined) return [];
  const values = Array.isArray(located.value) ? located.value : [located.value];
  return values.filter((value) => value !== null).map((value) => ({ value, position: located.position }));
}

/** The first condition that does not hold; undefined when all do. Throws TemplateError. */
export function firstFalse(
  engine: Engine,
  conditions: readonly Condition[],
  context: Context,
): { readonly text: string; readonly value: Value } | undefined {
  for (const { value, position } of conditions) {
    const judgement = engine.templar.judge(value, context, position);
    if (!judgement.holds) return { text: judgement.text, value };
  }
  return undefined;
}

/** True when all hold (an empty list does). */
export function allHold(engine: Engine, conditions: readonly Condition[], context: Context): boolean {
  return firstFalse(engine, conditions, context) === undefined;
}
