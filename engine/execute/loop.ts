// The items of a task's loop and the variables that each of them brings.

import { worse } from '../forecast/forecast.ts';
import { TemplateError, TroupeError } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import type { Certainty } from '../model/result.ts';
import { Float, OMIT, Tuple, toJson, type Value } from '../model/value.ts';
import { toBool, toText } from '../module/schema.ts';
import type { Context } from '../template/contract.ts';
import { typeName } from '../template/python/types.ts';
import { certaintyOf } from './context.ts';
import type { Engine } from './engine.ts';
import type { Condition } from './judge.ts';
import { told } from './outcome.ts';

export interface LoopPlan {
  readonly items: readonly Value[];
  readonly loopVar: string;
  readonly indexVar: string | undefined;
  readonly label: Value | undefined;
  /** Seconds between items. */
  readonly pause: number;
  readonly extended: boolean;
  readonly breakWhen: readonly Condition[];
  readonly certainty: Certainty;
  /** Why there are no items: told only if the task's condition lets it run. */
  readonly error: TroupeError | undefined;
  variables(index: number): Map<string, Value>;
}

/** The loop of a task; undefined when it has none. */
export function itemsOf(engine: Engine, task: Task, context: Context, host: string): LoopPlan | undefined {
  const { loop } = task;
  if (loop === undefined) return undefined;
  const control = new Map<string, Value>();
  for (const [key, value] of loop.control) {
    // The label belongs to each item, break_when to each result: both are rendered later.
    const late = key === 'label' || key === 'break_when';
    control.set(String(key), late ? value : engine.templar.render(value, context));
  }
  const loopVar = textOf(control.get('loop_var')) ?? 'item';
  const indexVar = textOf(control.get('index_var'));
  const extended = toBool(toJson(control.get('extended') ?? false)) ?? false;
  const allItems = toBool(toJson(control.get('extended_allitems') ?? true)) ?? true;
  let items: readonly Value[] = [];
  let error: TroupeError | undefined;
  try {
    items = readItems(engine, task, context);
  } catch (thrown) {
    if (!(thrown instanceof TroupeError)) throw thrown;
    error = thrown instanceof TemplateError && !thrown.undefinedName ? told(thrown, '', true) : thrown;
  }
  const breakWhen = control.get('break_when');
  return {
    items,
    loopVar,
    indexVar,
    label: control.get('label'),
    pause: secondsOf(control.get('pause')),
    extended,
    breakWhen:
      breakWhen === undefined
        ? []
        : (Array.isArray(breakWhen) ? breakWhen : [breakWhen]).map((value) => ({
            value,
            position: loop.items.position,
          })),
    certainty: worse('certain', certaintyOf(engine, host, [loop.items.value], false)),
    error,
    variables(index) {
      const variables = new Map<string, Value>([
        [loopVar, items[index]!],
        ['ansible_loop_var', loopVar],
      ]);
      if (indexVar !== undefined) {
        variables.set(indexVar, index);
        variables.set('ansible_index_var', indexVar);
      }
      if (extended) variables.set('ansible_loop', extendedLoop(items, index, allItems));
      return variables;
    },
  };
}

function readItems(engine: Engine, task: Task, context: Context): readonly Value[] {
  const { lookup, items } = task.loop!;
  if (lookup !== undefined)
    return engine.templar.lookup(lookup, items.value, { ...context, action: task.action }, items.position);
  const value = engine.templar.render(items.value, context);
  if (value === OMIT)
    throw new TemplateError('A template was resolved to an Omit scalar.', { position: items.position });
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  throw new TemplateError(`The \`loop\` value must resolve to a 'list', not '${typeName(value)}'.`, {
    position: items.position,
  });
}

function extendedLoop(items: readonly Value[], index: number, allItems: boolean): Value {
  const length = items.length;
  const loop = new Map<Value, Value>([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index + 1 === length],
    ['length', length],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
  ]);
  if (allItems) loop.set('allitems', [...items]);
  if (index + 1 < length) loop.set('nextitem', items[index + 1]!);
  if (index > 0) loop.set('previtem', items[index - 1]!);
  return loop;
}

function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : toText(toJson(value));
}

function secondsOf(value: Value | undefined): number {
  const number = value instanceof Float ? value.value : Number(value ?? 0);
  return Number.isFinite(number) ? Math.max(0, number) : 0;
}
