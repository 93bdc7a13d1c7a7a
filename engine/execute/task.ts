// One task on a set of hosts, as the linear strategy runs it: banner, all hosts side by side, then what their outcomes
// mean for the run.

import pLimit, { type LimitFunction } from 'p-limit';
import { PlaybookError } from '../model/errors.ts';
import type { TaskIdentity } from '../model/event.ts';
import type { Task } from '../model/playbook.ts';
import { toJson } from '../model/value.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import { toText } from '../module/schema.ts';
import { nameOf, titleOf } from './banner.ts';
import { contextOf } from './context.ts';
import { early, Keywords, nearest } from './directives.ts';
import type { Engine } from './engine.ts';
import { runOnHost } from './hosttask.ts';
import { keep } from './keep.ts';
import { settle } from './settle.ts';
import { type HostOutcome, isSilent, type TaskSite } from './site.ts';
import type { Frame } from './state.ts';
import { isSelected, tagsOf } from './tags.ts';

/** What the parts of the executor share while a run lasts. */
export interface Stage {
  readonly engine: Engine;
  /** At most `forks` hosts at a time. */
  readonly forks: LimitFunction;
  /** Where a recorded result can stand in for an execution. */
  readonly seam: Seam;
}

/** The one place where the run may pass a task by without executing it (start-at-task, and later resume and replay). */
export interface Seam {
  /** Something was played. */
  readonly started: boolean;
  passes(address: string, name: string): boolean;
}

/** Runs a task on hosts that are alive. Throws PlaybookError where the playbook itself is at fault. */
export async function runTask(
  stage: Stage,
  frame: Frame,
  task: Task,
  hosts: readonly string[],
  step: string,
): Promise<void> {
  const { engine } = stage;
  const first = hosts[0]!;
  const context = contextOf(engine, frame.run, task, first);
  const keywords = new Keywords(task, frame.run.play, engine.templar, context);
  const tags = tagsOf(task, frame.run.play, (value) => engine.templar.render(value, context));
  if (!task.handler && !isSelected(tags, engine.settings.tags)) return;
  const address = `${frame.address}/${step}`;
  const found = await moduleOf(engine, frame, task);
  const name = nameOf(engine, frame, task, found, first);
  if (stage.seam.passes(address, name)) return;
  const identity: TaskIdentity = {
    address,
    given: task.name === undefined ? undefined : name,
    name: titleOf(task, found, name),
    action: task.action,
    position: task.position,
    handler: task.handler,
    ...(frame.run.free ? { free: true } : {}),
    ...(isControl(found.module) && found.module.bare ? { bare: true } : {}),
    tags,
    role: task.role?.name,
    noLog: early(() => keywords.bool('noLog')) ?? engine.settings.noLog,
    checkMode: early(() => keywords.bool('checkMode')) ?? engine.settings.checkMode,
    diff: early(() => keywords.bool('diff')) ?? engine.settings.diff,
  };
  if (engine.settings.step && !(await confirmed(engine, identity.name))) return;
  const site: TaskSite = { engine, frame, task, identity, found };
  const once =
    (isControl(found.module) && found.module.once === true) || (early(() => keywords.bool('runOnce')) ?? false);
  const throttle = early(() => keywords.number('throttle')) ?? 0;
  engine.emit({ kind: 'task-started', task: identity });
  const outcomes = await onHosts(stage, site, once ? [first] : hosts, once ? hosts : undefined, throttle);
  await settle(stage, site, outcomes, hosts, once);
}

async function confirmed(engine: Engine, name: string): Promise<boolean> {
  const answer = await engine.prompt(`Perform task: TASK: ${name} (N)o/(y)es/(c)ontinue: `, { echo: true });
  return /^(y|c)/i.test(answer ?? '');
}

async function moduleOf(engine: Engine, frame: Frame, task: Task): Promise<FoundModule> {
  const collections = nearest(task, frame.run.play, 'collections')?.value;
  const names = Array.isArray(collections) ? collections.map((item) => toText(toJson(item))) : [];
  const found = await engine.registry.find(task.action, names);
  if (found === undefined) {
    throw new PlaybookError(
      `couldn't resolve module/action '${task.action}'. This often indicates a misspelling, missing collection, or incorrect module path.`,
      { position: task.actionPosition },
    );
  }
  return found;
}

/** At most `throttle` hosts at a time, 0 for as many as forks allow. */
async function onHosts(
  stage: Stage,
  site: TaskSite,
  working: readonly string[],
  owners: readonly string[] | undefined,
  throttle: number,
): Promise<HostOutcome[]> {
  const limit = throttle > 0 ? pLimit(throttle) : undefined;
  const run = (host: string): Promise<HostOutcome> =>
    stage.forks(async () => {
      if (!isSilent(site.found)) site.engine.emit({ kind: 'host-started', task: site.identity, host });
      const outcome = await runOnHost(site, host);
      keep(site, outcome, owners ?? [host]);
      return outcome;
    });
  return Promise.all(working.map((host) => (limit === undefined ? run(host) : limit(() => run(host)))));
}
