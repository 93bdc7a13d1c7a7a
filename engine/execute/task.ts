// One task on a set of hosts, as the linear strategy runs it: banner, all hosts side by side, then what their outcomes
// mean for the run.

import pLimit, { type LimitFunction } from 'p-limit';
import { PlaybookError, TroupeError } from '../model/errors.ts';
import type { TaskIdentity } from '../model/event.ts';
import type { Task } from '../model/playbook.ts';
import { type Dict, fromJson, isDict, type Json, type JsonObject, toJson, type Value } from '../model/value.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import { toBool, toText } from '../module/schema.ts';
import { runNodes } from './block.ts';
import { contextOf } from './context.ts';
import { Keywords, nearest } from './directives.ts';
import type { Engine } from './engine.ts';
import { type HostOutcome, includes, isSilent, keepFacts, runOnHost, type TaskSite } from './hosttask.ts';
import { bring, groupIncludes } from './includes.ts';
import { carryOutMeta } from './meta.ts';
import { outcomeOf } from './outcome.ts';
import { asRegistered } from './registered.ts';
import { type Frame, within } from './state.ts';
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
  const render = (value: Value): Value => engine.templar.render(value, context);
  const tags = tagsOf(task, frame.run.play, render);
  if (!task.handler && !isSelected(tags, engine.settings.tags)) return;
  const address = `${frame.address}/${step}`;
  const found = await moduleOf(engine, frame, task);
  const name = nameOf(stage, frame, task, found, first);
  if (stage.seam.passes(address, name)) return;
  const identity: TaskIdentity = {
    address,
    name: task.role === undefined ? name : `${task.role.name} : ${name}`,
    action: task.action,
    position: task.position,
    handler: task.handler,
    tags,
    role: task.role?.name,
    noLog:
      early(() => new Keywords(task, frame.run.play, engine.templar, context).bool('noLog')) ?? engine.settings.noLog,
    checkMode:
      early(() => new Keywords(task, frame.run.play, engine.templar, context).bool('checkMode')) ??
      engine.settings.checkMode,
    diff: early(() => new Keywords(task, frame.run.play, engine.templar, context).bool('diff')) ?? engine.settings.diff,
  };
  if (engine.settings.step && !(await confirmed(engine, identity.name))) return;
  const site: TaskSite = { engine, frame, task, identity, found };
  const once =
    (isControl(found.module) && found.module.once === true) ||
    (early(() => new Keywords(task, frame.run.play, engine.templar, context).bool('runOnce')) ?? false);
  engine.emit({ kind: 'task-started', task: identity });
  const outcomes = await onHosts(stage, site, once ? [first] : hosts, hosts, once);
  await settle(stage, site, outcomes, hosts, once);
}

/** A keyword that a banner needs; where it cannot be rendered, the host's own result will tell. */
function early<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TroupeError) return undefined;
    throw error;
  }
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

/** A task without a name is called by its action, some by an argument as well (the role that is included). */
function unnamed(task: Task, found: FoundModule): string {
  const key = isControl(found.module) ? found.module.titledBy : undefined;
  const title = key === undefined || !isDict(task.args) ? undefined : task.args.get(key);
  return title === undefined ? task.action : `${task.action} : ${toText(toJson(title))}`;
}

/** The task's name as the first host sees it; as written, where it cannot be rendered yet. */
function nameOf(stage: Stage, frame: Frame, task: Task, found: FoundModule, host: string): string {
  if (task.name === undefined) return unnamed(task, found);
  const { value } = task.name;
  try {
    const text = stage.engine.templar.render(value, contextOf(stage.engine, frame.run, task, host));
    return toText(toJson(text));
  } catch (error) {
    if (error instanceof TroupeError) return toText(toJson(value));
    throw error;
  }
}

async function onHosts(
  stage: Stage,
  site: TaskSite,
  working: readonly string[],
  hosts: readonly string[],
  once: boolean,
): Promise<HostOutcome[]> {
  const throttle =
    early(() =>
      new Keywords(
        site.task,
        site.frame.run.play,
        site.engine.templar,
        contextOf(site.engine, site.frame.run, site.task, working[0]!),
      ).number('throttle'),
    ) ?? 0;
  const limit = throttle > 0 ? pLimit(throttle) : undefined;
  const run = (host: string): Promise<HostOutcome> =>
    stage.forks(async () => {
      if (!isSilent(site.found)) site.engine.emit({ kind: 'host-started', task: site.identity, host });
      const outcome = await runOnHost(site, host);
      keep(site, outcome, once ? hosts : [host]);
      return outcome;
    });
  return Promise.all(working.map((host) => (limit === undefined ? run(host) : limit(() => run(host)))));
}

/** What a host's outcome leaves behind at once: its event, registered variable, facts and notifications. */
function keep(site: TaskSite, outcome: HostOutcome, owners: readonly string[]): void {
  const { engine, task, frame } = site;
  const { variables } = engine;
  const { result, registered } = outcome;
  const register = task.directives['register']?.value;
  if (typeof register === 'string') {
    const value = fromJson(registered);
    for (const host of owners) {
      variables.register(host, register, value);
      if (result.certainty !== 'certain') variables.markUncertain(host, register, result.certainty);
    }
  }
  if (!isControl(site.found.module))
    for (const facts of factsOf(registered))
      for (const host of factOwners(site, outcome, owners)) variables.setFacts(host, facts);
  for (const { effect, certainty } of outcome.effects) {
    if (owners.length < 2 || effect.kind !== 'set-facts') continue;
    for (const host of owners) if (host !== outcome.host) keepFacts(engine, host, effect, certainty);
  }
  for (const name of outcome.notified) {
    for (const host of owners) {
      const known = frame.run.handlers.notify(name, host, (handler, value) =>
        early(() => toText(toJson(engine.templar.render(value, contextOf(engine, frame.run, handler, host))))),
      );
      if (!known) missingHandler(engine, task, name, frame);
    }
  }
  if (!isSilent(site.found) && !includes(outcome))
    engine.emit({ kind: 'host-finished', outcome: outcome.outcome, loop: outcome.loop });
}

function missingHandler(engine: Engine, task: Task, name: string, frame: Frame): void {
  const message = `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`;
  const hint = `known handlers: ${frame.run.handlers.names().join(', ') || 'none'}`;
  if (engine.settings.errorOnMissingHandler)
    throw new PlaybookError(message, {
      position: task.directives['notify']?.position ?? task.position,
      hint,
      exitCode: 1,
    });
  engine.emit({ kind: 'warned', message, position: task.position });
}

function* factsOf(registered: JsonObject): Iterable<Dict> {
  const results: readonly Json[] = Array.isArray(registered['results']) ? registered['results'] : [registered];
  for (const result of results) {
    const facts = fromJson((result as JsonObject | null)?.['ansible_facts'] ?? null);
    if (isDict(facts)) yield facts;
  }
}

function factOwners(site: TaskSite, outcome: HostOutcome, owners: readonly string[]): readonly string[] {
  if (outcome.delegate === undefined) return owners;
  const raw = nearest(site.task, site.frame.run.play, 'delegateFacts')?.value;
  return toBool(toJson(raw ?? false)) ? [outcome.delegate.name] : owners;
}

/** What all outcomes together mean: hosts that failed, effects on the run, includes. */
async function settle(
  stage: Stage,
  site: TaskSite,
  outcomes: readonly HostOutcome[],
  hosts: readonly string[],
  once: boolean,
): Promise<void> {
  const { engine, frame } = site;
  const { run } = frame;
  for (const outcome of outcomes) {
    const { result } = outcome;
    const state =
      result.status === 'failed' && !result.ignored
        ? 'failed'
        : result.status === 'unreachable' && !result.ignored
          ? 'unreachable'
          : undefined;
    if (state === undefined) continue;
    for (const host of once ? hosts : [outcome.host]) {
      run.hosts.set(host, state);
      run.lastFailure.set(host, { task: site.identity, registered: outcome.registered });
      if (state === 'failed' && frame.rescuable) engine.emit({ kind: 'rescued', host, task: site.identity });
    }
  }
  spreadFailure(site, hosts);
  for (const outcome of outcomes) {
    for (const { effect } of outcome.effects) {
      if (effect.kind === 'add-host')
        engine.inventory.addHost(effect.name, effect.groups, fromJson(effect.vars) as Dict);
      else if (effect.kind === 'group-host') engine.inventory.addToGroup(outcome.host, effect.group, effect.parents);
      else if (effect.kind === 'set-stats')
        engine.emit({ kind: 'stats-set', host: effect.perHost ? outcome.host : undefined, data: effect.data });
    }
  }
  await carryOutMeta(stage, site, outcomes, hosts);
  await include(stage, site, outcomes);
}

/** any_errors_fatal and max_fail_percentage: the failure of some is the failure of all. */
function spreadFailure(site: TaskSite, hosts: readonly string[]): void {
  const { engine, frame, task } = site;
  const { run } = frame;
  const lost = hosts.filter((host) => run.hosts.of(host) === 'failed' || run.hosts.of(host) === 'unreachable');
  if (lost.length === 0) return;
  const context = contextOf(engine, run, task, hosts[0]!);
  const keywords = new Keywords(task, run.play, engine.templar, context);
  const fatal = early(() => keywords.bool('anyErrorsFatal')) ?? engine.settings.anyErrorsFatal;
  const percentage = early(() => percentOf(run.play.directives['maxFailPercentage']?.value, engine, context));
  const failed = run.batch.filter((host) => run.hosts.of(host) === 'failed' || run.hosts.of(host) === 'unreachable');
  const tooMany = percentage !== undefined && (failed.length / run.batch.length) * 100 > percentage;
  if (!fatal && !(tooMany && !frame.rescuable)) return;
  for (const host of run.hosts.alive(run.batch)) {
    run.hosts.set(host, 'failed');
    run.lastFailure.set(host, run.lastFailure.get(lost[0]!)!);
  }
  if (frame.rescuable) return;
  run.over = 'play';
  // The reference says it for the task and once more for the play.
  if (tooMany) for (let times = 0; times < 2; times++) engine.emit({ kind: 'no-hosts-left' });
}

function percentOf(
  value: Value | undefined,
  engine: Engine,
  context: ReturnType<typeof contextOf>,
): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = Number(toText(toJson(engine.templar.render(value, context))).replace(/%$/, ''));
  return Number.isNaN(number) ? undefined : number;
}

async function include(stage: Stage, site: TaskSite, outcomes: readonly HostOutcome[]): Promise<void> {
  const { engine, frame, task, identity } = site;
  const groups = groupIncludes(outcomes, (value) => engine.templar.text(value));
  for (const [index, group] of groups.entries()) {
    const hosts = frame.run.hosts.alive(group.hosts);
    if (hosts.length === 0) continue;
    try {
      const { block, file } = await bring(engine, frame, task, group);
      engine.emit({ kind: 'included', task: identity, file, hosts, label: group.label });
      await runNodes(
        stage,
        within(frame, `${identity.address.slice(frame.address.length + 1)}:${index}`),
        block.body,
        hosts,
      );
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      failInclude(site, error, hosts);
    }
  }
}

/** An include whose file is missing or wrong fails the hosts that asked for it. */
function failInclude(site: TaskSite, error: PlaybookError, hosts: readonly string[]): void {
  const { engine, frame, identity } = site;
  const result = outcomeOf(error);
  const registered = asRegistered(result);
  const now = new Date().toISOString();
  for (const host of hosts) {
    engine.emit({
      kind: 'host-finished',
      loop: false,
      outcome: { task: identity, host, result, registered, duration: 0, started: now, ended: now },
    });
    frame.run.hosts.set(host, 'failed');
    frame.run.lastFailure.set(host, { task: identity, registered });
    if (frame.rescuable) engine.emit({ kind: 'rescued', host, task: identity });
  }
}
