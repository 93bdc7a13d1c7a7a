// What a task is called and known by before any host has run it.

import { TroupeError } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import { isDict, toJson } from '../model/value.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import { toText } from '../module/schema.ts';
import { contextOf } from './context.ts';
import type { Engine } from './engine.ts';
import type { Frame } from './state.ts';

/** A task without a name is called by its action, some by an argument as well (the role that is included). */
function unnamed(task: Task, found: FoundModule): string {
  const key = isControl(found.module) ? found.module.titledBy : undefined;
  const title = key === undefined || !isDict(task.args) ? undefined : task.args.get(key);
  return title === undefined ? task.action : `${task.action} : ${toText(toJson(title))}`;
}

/** The name with its role before it; an include of a role stands for that role, not for the one it is in. */
export function titleOf(task: Task, found: FoundModule, name: string): string {
  const role = isControl(found.module) && found.module.titledBy !== undefined ? undefined : task.role;
  return role === undefined ? name : `${role.name} : ${name}`;
}

/** The task's name as the first host sees it; what cannot be rendered yet is told in its place, or left as written. */
export function nameOf(engine: Engine, frame: Frame, task: Task, found: FoundModule, host: string): string {
  if (task.name === undefined) return unnamed(task, found);
  const { value } = task.name;
  try {
    return engine.templar.title(value, contextOf(engine, frame.run, task, host));
  } catch (error) {
    if (error instanceof TroupeError) return toText(toJson(value));
    throw error;
  }
}
