// One task on one host: its condition, its loop, its delegate, its module, and what is made of the answer.

import { setTimeout as sleep } from 'node:timers/promises';
import { worse } from '../forecast/forecast.ts';
import { TemplateError, TroupeError } from '../model/errors.ts';
import type { HostResult, TaskIdentity } from '../model/event.ts';
import type { Task } from '../model/playbook.ts';
import type { Certainty, TaskResult } from '../model/result.ts';
import {
  type Dict,
  fromJson,
  isDict,
  type Json,
  type JsonObject,
  OMIT,
  setOwn,
  toJson,
  type Value,
} from '../model/value.ts';
import type { Module } from '../module/contract.ts';
import type { RunEffect } from '../module/control.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import { toBool, toText } from '../module/schema.ts';
import type { Context } from '../template/contract.ts';
import { prepare } from './arguments.ts';
import { runDetached } from './async.ts';
import { certaintyOf, contextOf } from './context.ts';
import { decide } from './decide.ts';
import { type Delegate, targetFor } from './delegate.ts';
import { Keywords } from './directives.ts';
import type { Engine } from './engine.ts';
import { allHold, type Condition, conditionsOf, firstFalse, listed } from './judge.ts';
import { itemsOf, type LoopPlan } from './loop.ts';
import { outcomeOf } from './outcome.ts';
import { asRegistered, censored } from './registered.ts';
import type { Frame } from './state.ts';
import { type Work, work } from './work.ts';

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
}

export interface HostOutcome {
  readonly host: string;
  readonly result: TaskResult;
  readonly registered: JsonObject;
  readonly effects: readonly ItemEffect[];
  readonly notified: readonly string[];
  readonly delegate: Delegate | undefined;
  readonly loop: boolean;
  readonly outcome: HostResult;
}

interface ItemOutcome {
  readonly result: TaskResult;
  readonly registered: JsonObject;
  readonly effects: readonly ItemEffect[];
  readonly notified: readonly string[];
  readonly delegate: Delegate | undefined;
  readonly noLog: boolean;
  /** Facts that the module gave, with the host they belong to. */
  readonly identity: TaskIdentity;
}

/** Runs a task on a host. Never throws: what goes wrong is its result. */
export async function runOnHost(site: TaskSite, host: string): Promise<HostOutcome> {
  const started = new Date();
  const context = contextOf(site.engine, site.frame.run, site.task, host);
  let outcome: ItemOutcome;
  let loop = false;
  try {
    const plan = itemsOf(site.engine, site.task, context, host);
    if (plan === undefined || plan.error !== undefined) outcome = await runItem(site, host, undefined, plan);
    else {
      loop = true;
      outcome = await runLoop(site, host, plan);
    }
  } catch (error) {
    outcome = broken(site, error);
  }
  const ended = new Date();
  return {
    host,
    ...outcome,
    loop,
    outcome: hostResult(host, outcome, started, ended),
  };
}

function broken(site: TaskSite, error: unknown): ItemOutcome {
  const result = outcomeOf(error);
  return {
    result,
    registered: asRegistered(result),
    effects: [],
    notified: [],
    delegate: undefined,
    noLog: site.identity.noLog,
    identity: site.identity,
  };
}

function hostResult(host: string, outcome: ItemOutcome, started: Date, ended: Date): HostResult {
  return {
    task: outcome.identity,
    host,
    ...(outcome.delegate === undefined
      ? {}
      : { delegate: { name: outcome.delegate.name, address: outcome.delegate.address } }),
    result: outcome.noLog ? hidden(outcome.result) : outcome.result,
    registered: outcome.noLog ? censored(outcome.registered) : outcome.registered,
    duration: ended.getTime() - started.getTime(),
    started: started.toISOString(),
    ended: ended.toISOString(),
  };
}

/** no_log hides what a result says, not what became of it. */
function hidden(result: TaskResult): TaskResult {
  const { diffs: _diffs, warnings: _warnings, ...rest } = result;
  const bare = { ...rest, data: {} } as TaskResult;
  if (bare.status === 'failed' || bare.status === 'unreachable') {
    return {
      ...bare,
      failure: {
        message: bare.status === 'unreachable' ? bare.failure.message : 'Task failed (its output is hidden by no_log)',
        position: bare.failure.position,
      },
      changes: [],
    } as TaskResult;
  }
  return bare.status === 'changed' ? { ...bare, changes: [] } : bare;
}

async function runLoop(site: TaskSite, host: string, plan: LoopPlan): Promise<ItemOutcome> {
  if (plan.items.length === 0) {
    const result: TaskResult = {
      status: 'skipped',
      reason: '',
      certainty: plan.certainty,
      data: { skipped_reason: 'No items in the list', results: [] },
    };
    return {
      result,
      registered: asRegistered(result),
      effects: [],
      notified: [],
      delegate: undefined,
      noLog: site.identity.noLog,
      identity: site.identity,
    };
  }
  const outcomes: ItemOutcome[] = [];
  const registereds: Json[] = [];
  for (const [index, item] of plan.items.entries()) {
    if (index > 0 && plan.pause > 0) await sleep(plan.pause * 1000, undefined, { signal: site.engine.signal });
    const started = new Date();
    const variables = plan.variables(index);
    const outcome = await runItem(site, host, variables, plan);
    const label = itemLabel(site, plan, host, variables, item);
    const registered: Record<string, Json> = { ...outcome.registered, ansible_loop_var: plan.loopVar };
    setOwn(registered, plan.loopVar, toJson(item));
    if (plan.indexVar !== undefined) {
      registered['ansible_index_var'] = plan.indexVar;
      setOwn(registered, plan.indexVar, index);
    }
    if (plan.extended) registered['ansible_loop'] = toJson(variables.get('ansible_loop') ?? null);
    outcomes.push({ ...outcome, effects: outcome.effects.map((effect) => ({ ...effect, label })) });
    registereds.push(registered);
    if (!isSilent(site.found) && !includes(outcome)) {
      site.engine.emit({
        kind: 'item-finished',
        task: outcome.identity,
        host,
        label: outcome.noLog ? '(censored due to no_log)' : label,
        address: `${site.identity.address}[${index}]`,
        item: hostResult(host, { ...outcome, registered }, started, new Date()),
      });
    }
    if (site.engine.signal.aborted) break;
    if (outcome.result.status === 'unreachable') break;
    if (plan.breakWhen.length > 0) {
      const judged = contextOf(
        site.engine,
        site.frame.run,
        site.task,
        host,
        withRegistered(site.task, variables, registered),
      );
      if (allHold(site.engine, plan.breakWhen, judged)) break;
    }
  }
  return combined(site, outcomes, registereds, plan);
}

/** An include that is about to be carried out is told by what it includes. */
export function includes(outcome: Pick<ItemOutcome, 'effects'>): boolean {
  return outcome.effects.some(({ effect }) => effect.kind === 'include');
}

/** A module that shows nothing of itself. */
export function isSilent(found: FoundModule): boolean {
  return isControl(found.module) && found.module.silent === true;
}

/** All items' outcomes as one: changed if any, failed if any, skipped if all. */
function combined(site: TaskSite, outcomes: readonly ItemOutcome[], results: Json[], plan: LoopPlan): ItemOutcome {
  const all = outcomes.map((outcome) => outcome.result);
  const certainty = all.reduce<Certainty>((at, result) => worse(at, result.certainty), plan.certainty);
  const changes = all.flatMap((result) => ('changes' in result ? result.changes : []));
  const trips = all.reduce((sum, result) => sum + (result.trips ?? 0), 0);
  const changed = all.some((result) => result.status === 'changed' || asRegistered(result)['changed'] === true);
  const warnings = all.flatMap((result) => result.warnings ?? []);
  const shared = { certainty, trips, ...(warnings.length > 0 ? { warnings } : {}) };
  const data = (msg: string): JsonObject => ({ results, msg, changed });
  const lost = all.find((result) => result.status === 'unreachable');
  const fault = all.find((result) => result.status === 'failed' && !result.ignored);
  let result: TaskResult;
  if (lost?.status === 'unreachable') result = { ...lost, ...shared, data: data(lost.failure.message), changes };
  else if (fault?.status === 'failed')
    result = {
      ...shared,
      status: 'failed',
      failure: { ...fault.failure, message: 'One or more items failed' },
      changes,
      ignored: false,
      data: data('One or more items failed'),
    };
  else if (all.every((item) => item.status === 'skipped'))
    result = { ...shared, status: 'skipped', reason: '', data: data('All items skipped'), ...foretoldOf(all) };
  else if (changed)
    result = {
      ...shared,
      status: 'changed',
      changes,
      applied: all.some((item) => item.status === 'changed' && item.applied),
      data: data('All items completed'),
    };
  else result = { ...shared, status: 'ok', data: data('All items completed') };
  const ignoredFault = all.some((item) => item.status === 'failed' && item.ignored);
  if (ignoredFault && result.status !== 'unreachable' && result.status !== 'failed') {
    result = {
      ...shared,
      status: 'failed',
      failure: { message: 'One or more items failed' },
      changes,
      ignored: true,
      data: data('One or more items failed'),
    };
  }
  return {
    result,
    registered: asRegistered(result),
    effects: outcomes.flatMap((outcome) => outcome.effects),
    notified: outcomes.flatMap((outcome) => outcome.notified),
    delegate: outcomes.at(-1)?.delegate,
    noLog: outcomes.some((outcome) => outcome.noLog),
    identity: outcomes.at(-1)?.identity ?? site.identity,
  };
}

function foretoldOf(results: readonly TaskResult[]): { foretold?: 'ok' | 'changed' } {
  const told = results.map((result) => (result.status === 'skipped' ? result.foretold : undefined));
  if (told.includes('changed')) return { foretold: 'changed' };
  return told.includes('ok') ? { foretold: 'ok' } : {};
}

function itemLabel(
  site: TaskSite,
  plan: LoopPlan,
  host: string,
  variables: ReadonlyMap<string, Value>,
  item: Value,
): string {
  if (plan.label === undefined) return site.engine.templar.text(item);
  try {
    const context = contextOf(site.engine, site.frame.run, site.task, host, variables);
    return site.engine.templar.text(site.engine.templar.render(plan.label, context));
  } catch {
    return site.engine.templar.text(item);
  }
}

/** One execution: alone, or for one item of a loop. */
async function runItem(
  site: TaskSite,
  host: string,
  variables: ReadonlyMap<string, Value> | undefined,
  plan: LoopPlan | undefined,
): Promise<ItemOutcome> {
  const { engine, frame, task } = site;
  const context = contextOf(engine, frame.run, task, host, variables);
  let noLog = site.identity.noLog;
  let identity = site.identity;
  let delegate: Delegate | undefined;
  const nothing = { effects: [], notified: [] };
  try {
    const keywords = new Keywords(task, frame.run.play, engine.templar, context);
    noLog = engine.settings.noLog || (keywords.bool('noLog') ?? false);
    const conditions = conditionsOf(task, frame.run.play);
    const unmet = firstFalse(engine, conditions, context);
    const certainty = worse(
      plan?.certainty ?? 'certain',
      certaintyOf(
        engine,
        host,
        conditions.map((condition) => condition.value),
        true,
      ),
    );
    if (unmet !== undefined) {
      const result: TaskResult = {
        status: 'skipped',
        reason: 'Conditional result was False',
        certainty,
        data: { false_condition: toJson(unmet.value) },
      };
      return { ...nothing, result, registered: asRegistered(result), delegate, noLog, identity };
    }
    if (plan?.error !== undefined) throw plan.error;
    delegate = delegateOf(keywords);
    const checkMode = keywords.bool('checkMode') ?? engine.settings.checkMode;
    const diff = keywords.bool('diff') ?? engine.settings.diff;
    identity = { ...identity, noLog, checkMode, diff };
    return await attempts({
      site,
      host,
      variables,
      context,
      keywords,
      certainty,
      delegate,
      checkMode,
      diff,
      noLog,
      identity,
    });
  } catch (error) {
    const result = ignoring(site, context, outcomeOf(error));
    return { ...nothing, result, registered: asRegistered(result), delegate, noLog, identity };
  }
}

function delegateOf(keywords: Keywords): Delegate | undefined {
  const name = keywords.text('delegateTo');
  return name === undefined || name === '' ? undefined : { name, address: undefined };
}

interface Attempt {
  readonly site: TaskSite;
  readonly host: string;
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

/** Executes until `until` holds or the retries are used up. */
async function attempts(attempt: Attempt): Promise<ItemOutcome> {
  const { site, host, keywords, context } = attempt;
  const { engine, task } = site;
  const until = listed(task.directives['until']);
  const retries = keywords.number('retries');
  const tries = until.length > 0 || retries !== undefined ? Math.max(1, (retries ?? 3) + 1) : 1;
  const delay = Math.max(0, keywords.number('delay', 'float') ?? 5);
  let trips = 0;
  for (let count = 1; ; count++) {
    const once = await execute(attempt);
    trips += once.result.trips ?? 0;
    let { result } = once;
    if (tries > 1) result = { ...result, data: { ...result.data, attempts: count } } as TaskResult;
    let registered = asRegistered(result);
    const dry = attempt.checkMode && result.status === 'skipped';
    if (tries > 1 && !dry && result.status !== 'unreachable') {
      const judged = judgedContext(attempt, registered);
      const satisfied = until.length > 0 ? allHold(engine, until, judged) : result.status !== 'failed';
      if (!satisfied && count < tries && !engine.signal.aborted) {
        engine.emit({
          kind: 'retrying',
          task: attempt.identity,
          host,
          retriesLeft: tries - count,
          result: attempt.noLog ? censored(registered) : { ...registered, retries: tries },
        });
        await sleep(delay * 1000, undefined, { signal: engine.signal });
        continue;
      }
      if (!satisfied) {
        result = {
          ...shared(result),
          status: 'failed',
          failure:
            'failure' in result
              ? result.failure
              : { message: 'the condition of until never held', position: until[0]?.position },
          changes: 'changes' in result ? result.changes : [],
          ignored: false,
          data: { ...result.data, failed: true, changed: registered['changed'] ?? false },
        };
        registered = asRegistered(result);
      }
    }
    result = ignoring(site, context, { ...result, trips } as TaskResult);
    // A skipped task that a real run would report as changed notifies in a dry run, so that its handlers are foretold.
    const notifies = result.status === 'changed' || (result.status === 'skipped' && result.foretold === 'changed');
    const notified = notifies ? notifications(attempt) : [];
    return { ...once, result, registered: asRegistered(result), notified };
  }
}

function shared(
  result: TaskResult,
): Pick<TaskResult, 'certainty' | 'warnings' | 'diffs' | 'restsOn' | 'trips' | 'verboseAlways'> {
  const { certainty, warnings, diffs, restsOn, trips, verboseAlways } = result;
  return {
    certainty,
    ...(warnings === undefined ? {} : { warnings }),
    ...(diffs === undefined ? {} : { diffs }),
    ...(restsOn === undefined ? {} : { restsOn }),
    ...(trips === undefined ? {} : { trips }),
    ...(verboseAlways === undefined ? {} : { verboseAlways }),
  };
}

/** The context in which a result is judged: its register name holds it already. */
function judgedContext(attempt: Attempt, registered: JsonObject): Context {
  return contextOf(
    attempt.site.engine,
    attempt.site.frame.run,
    attempt.site.task,
    attempt.host,
    withRegistered(attempt.site.task, attempt.variables, registered),
  );
}

function withRegistered(
  task: Task,
  variables: ReadonlyMap<string, Value> | undefined,
  registered: JsonObject,
): Map<string, Value> {
  const extra = new Map(variables ?? []);
  const name = task.directives['register']?.value;
  if (typeof name === 'string') extra.set(name, fromJson(registered));
  return extra;
}

function notifications(attempt: Attempt): string[] {
  const names: string[] = [];
  const { engine } = attempt.site;
  for (const { value } of listed(attempt.keywords.raw('notify'))) {
    const rendered = engine.templar.render(value, attempt.context);
    for (const name of Array.isArray(rendered) ? rendered : [rendered])
      if (name !== null && name !== OMIT) names.push(toText(toJson(name)));
  }
  return names;
}

/** Marks a failure that ignore_errors or ignore_unreachable takes. */
function ignoring(site: TaskSite, context: Context, result: TaskResult): TaskResult {
  if (result.status !== 'failed' && result.status !== 'unreachable') return result;
  const field = result.status === 'failed' ? 'ignoreErrors' : 'ignoreUnreachable';
  try {
    const ignored = new Keywords(site.task, site.frame.run.play, site.engine.templar, context).bool(field) ?? false;
    return ignored ? { ...result, ignored } : result;
  } catch {
    return result;
  }
}

interface Executed extends Omit<ItemOutcome, 'registered' | 'notified'> {}

/** Once through the module, with changed_when and failed_when judged. */
async function execute(attempt: Attempt): Promise<Executed> {
  const { site, host, context, checkMode } = attempt;
  const { engine, found, task } = site;
  let delegate = attempt.delegate;
  const rest = { noLog: attempt.noLog, identity: attempt.identity };
  let effects: ItemEffect[] = [];
  let result: TaskResult;
  try {
    const args = await prepare(engine, site.frame.run, task, found, context);
    const readCertainty = worse(
      attempt.certainty,
      certaintyOf(engine, host, [...(isDict(task.args) ? task.args.values() : []), task.freeForm ?? null], false),
    );
    if (isControl(found.module)) {
      const decision = await decide({ engine, module: found.module, args, context, host, task, run: site.frame.run });
      result = { ...decision.result, certainty: readCertainty };
      for (const effect of decision.effects) keepOwn(engine, effect, host, attempt.keywords, delegate, readCertainty);
      effects = decision.effects.map((effect) => ({
        effect,
        item: attempt.variables,
        label: undefined,
        delegate,
        certainty: readCertainty,
      }));
    } else {
      const placed = targetFor(site, attempt.keywords, context, host, delegate, attempt.variables);
      delegate = placed.delegate;
      const job: Work = {
        engine,
        module: found.module as Module,
        args: args.checked,
        site: placed.site(attempt.diff),
        target: placed.target,
        host: placed.host,
        checkMode,
        by: site.identity.name,
        performance: {
          signal: engine.signal,
          onOutput: (chunk: Uint8Array, stream: 'out' | 'err') => {
            if (!attempt.noLog)
              engine.emit({
                kind: 'output',
                task: attempt.identity,
                host,
                stream,
                text: new TextDecoder().decode(chunk),
              });
          },
        },
        foretell: (usual: 'ok' | 'changed') => foretell(attempt, usual),
      };
      const seconds = attempt.keywords.number('async') ?? 0;
      const worked =
        seconds > 0 && !checkMode
          ? await runDetached(job, site, host, {
              seconds,
              poll: attempt.keywords.number('poll') ?? engine.settings.pollInterval,
            })
          : await work(job);
      const data =
        worked.status === 'skipped' || worked.status === 'unreachable'
          ? worked.data
          : { ...worked.data, invocation: worked.data['invocation'] ?? { module_args: args.shown } };
      result = { ...worked, data, certainty: worse(worked.certainty, readCertainty) };
    }
  } catch (error) {
    result = located(outcomeOf(error), site);
  }
  if (result.status !== 'skipped' && result.status !== 'unreachable') result = judged(attempt, result);
  return { result, effects, delegate, ...rest };
}

/** What a control module sets for its own host counts at once: the next item of a loop sees it. */
function keepOwn(
  engine: Engine,
  effect: RunEffect,
  host: string,
  keywords: Keywords,
  delegate: Delegate | undefined,
  certainty: Certainty,
): void {
  const owner = delegate !== undefined && keywords.bool('delegateFacts') ? delegate.name : host;
  if (effect.kind === 'set-facts') keepFacts(engine, owner, effect, certainty);
  else if (effect.kind === 'set-vars') engine.variables.setIncludeVars(owner, new Map(effect.vars));
}

/** set_fact: variables of the host; cacheable ones are facts as well. */
export function keepFacts(
  engine: Engine,
  host: string,
  effect: Extract<RunEffect, { kind: 'set-facts' }>,
  certainty: Certainty,
): void {
  const facts: Dict = new Map(effect.facts);
  engine.variables.setNonPersistent(host, facts);
  if (effect.cacheable) engine.variables.setFacts(host, facts);
  if (certainty !== 'certain')
    for (const name of facts.keys()) engine.variables.markUncertain(host, String(name), certainty);
}

/** A failure without a place of its own stands at its task. */
function located(result: TaskResult, site: TaskSite): TaskResult {
  if (result.status !== 'failed' || result.failure.position !== undefined) return result;
  return { ...result, failure: { ...result.failure, position: site.task.position } };
}

/** changed_when and failed_when overrule the module. */
function judged(attempt: Attempt, result: TaskResult): TaskResult {
  const { task } = attempt.site;
  const changedWhen = listed(task.directives['changedWhen']);
  const failedWhen = listed(task.directives['failedWhen']);
  if (changedWhen.length === 0 && failedWhen.length === 0) return result;
  try {
    let now = result;
    if (changedWhen.length > 0)
      now = withChanged(now, allHold(attempt.site.engine, changedWhen, judgedContext(attempt, asRegistered(now))));
    if (failedWhen.length > 0)
      now = withFailed(
        now,
        failedWhen,
        allHold(attempt.site.engine, failedWhen, judgedContext(attempt, asRegistered(now))),
      );
    return now;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const failed = outcomeOf(error);
    return {
      ...failed,
      data: { ...result.data, ...failed.data },
      changes: 'changes' in result ? result.changes : [],
    } as TaskResult;
  }
}

function withChanged(result: TaskResult, changed: boolean): TaskResult {
  if (result.status === 'failed') return { ...result, data: { ...result.data, changed } };
  if (changed)
    return result.status === 'changed'
      ? result
      : { ...shared(result), data: result.data, status: 'changed', changes: [], applied: true };
  return { ...shared(result), data: { ...result.data, changed: false }, status: 'ok' };
}

function withFailed(result: TaskResult, conditions: readonly Condition[], failed: boolean): TaskResult {
  const data = { ...result.data, failed_when_result: failed };
  if (failed) {
    const changed = asRegistered(result)['changed'] ?? false;
    if (result.status === 'failed') return { ...result, data };
    return {
      ...shared(result),
      status: 'failed',
      failure: { message: 'Action failed.', position: conditions[0]?.position, hint: 'failed_when holds' },
      changes: 'changes' in result ? result.changes : [],
      ignored: false,
      data: { ...data, changed, failed: true },
    };
  }
  if (result.status !== 'failed') return { ...result, data } as TaskResult;
  const changed = toBool(result.data['changed'] ?? result.changes.length > 0) ?? false;
  const kept = { ...data, failed: false };
  return changed
    ? { ...shared(result), status: 'changed', changes: result.changes, applied: true, data: kept }
    : { ...shared(result), status: 'ok', data: kept };
}

/** What a skipped opaque task would report, as far as its changed_when tells without its result. */
function foretell(
  attempt: Attempt,
  usual: 'ok' | 'changed',
): { foretold: 'ok' | 'changed' | undefined; certainty: Certainty } {
  const conditions = listed(attempt.site.task.directives['changedWhen']);
  if (conditions.length === 0) return { foretold: usual, certainty: 'foreseen' };
  const register = attempt.site.task.directives['register']?.value;
  for (const { value } of conditions) {
    const names =
      typeof value === 'string' || typeof value === 'object'
        ? attempt.site.engine.templar.references(value, true)
        : new Set<string>();
    if (typeof register === 'string' && names.has(register)) return { foretold: undefined, certainty: 'unknown' };
  }
  try {
    return {
      foretold: allHold(attempt.site.engine, conditions, attempt.context) ? 'changed' : 'ok',
      certainty: 'foreseen',
    };
  } catch (error) {
    if (error instanceof TroupeError) return { foretold: undefined, certainty: 'unknown' };
    throw error;
  }
}
