// Once through the module: arguments, then a control module's decision or a host module's work, then the verdict on it.

import { worse } from '../forecast/forecast.ts';
import { TemplateError } from '../model/errors.ts';
import type { Certainty, TaskResult } from '../model/result.ts';
import { isDict, type JsonObject, type Value } from '../model/value.ts';
import type { Module } from '../module/contract.ts';
import type { ControlModule } from '../module/control.ts';
import { isControl } from '../module/registry.ts';
import { type Arguments, prepare } from './arguments.ts';
import { foretellDetached, runDetached } from './async.ts';
import { certaintyOf } from './context.ts';
import { decide } from './decide.ts';
import { targetFor } from './delegate.ts';
import { foretell } from './foretell.ts';
import { keepOwn } from './keep.ts';
import { outcomeOf } from './outcome.ts';
import type { Performance } from './perform.ts';
import type { Attempt, ItemOutcome, TaskSite } from './site.ts';
import { judged } from './verdict.ts';
import { type Work, work } from './work.ts';

/** What one try gave, before it is registered and before anybody is notified. */
type Invoked = Pick<ItemOutcome, 'result' | 'effects' | 'delegate'> & {
  /** Its arguments could not be rendered: nothing ran that could be judged or tried again. */
  readonly unstarted?: boolean;
};

/** Once through the module, with changed_when and failed_when judged. Never throws a TroupeError. */
export async function invoke(attempt: Attempt): Promise<Invoked> {
  const { site, host, context } = attempt;
  const { engine, found, task } = site;
  let invoked: Invoked;
  try {
    const args = await prepare(engine, site.frame.run, task, found, context);
    const certainty = worse(
      attempt.certainty,
      certaintyOf(engine, host, [...(isDict(task.args) ? task.args.values() : []), task.freeForm ?? null], false),
    );
    invoked = isControl(found.module)
      ? await decideOn(attempt, found.module, args, certainty)
      : await workOn(attempt, found.module as Module, args, certainty);
  } catch (error) {
    const result = located(outcomeOf(error), site);
    invoked = { result, effects: [], delegate: attempt.delegate, unstarted: error instanceof TemplateError };
  }
  const { result } = invoked;
  if (invoked.unstarted || result.status === 'skipped' || result.status === 'unreachable') return invoked;
  return { ...invoked, result: judged(attempt, result) };
}

/** A control module decides about the run. */
async function decideOn(
  attempt: Attempt,
  module: ControlModule,
  args: Arguments,
  certainty: Certainty,
): Promise<Invoked> {
  const { site, host, context, delegate } = attempt;
  const { engine, task, frame } = site;
  const { result, effects } = await decide({ engine, module, args, context, host, task, run: frame.run });
  const item = effects.some(({ kind }) => kind === 'include') ? includedItem(attempt) : attempt.variables;
  const { sources } = args;
  const wanted = effects.map((effect) => ({ effect, item, label: undefined, delegate, certainty, sources }));
  for (const each of wanted) keepOwn(engine, each, host, attempt.keywords);
  return {
    result: { ...result, certainty },
    effects: wanted,
    delegate,
  };
}

/** What a loop brings to what it includes becomes variables of a block, where text is taken as written. */
function includedItem({ site, context, variables }: Attempt): ReadonlyMap<string, Value> | undefined {
  const { templar } = site.engine;
  if (variables === undefined || site.task.loop === undefined) return variables;
  const sources = templar.sources(site.task.loop.items.value, context.scope);
  return new Map([...variables].map(([name, value]) => [name, templar.marked(value, sources, context.scope)]));
}

/** A module works on the host, or its delegate; detached, when it is asynchronous. */
async function workOn(attempt: Attempt, module: Module, args: Arguments, certainty: Certainty): Promise<Invoked> {
  const { site, host, context, checkMode, keywords } = attempt;
  const { engine } = site;
  const placed = targetFor(site, keywords, context, host, attempt.delegate, attempt.variables);
  const job: Work = {
    engine,
    module,
    args: args.checked,
    site: placed.site(attempt.diff),
    target: placed.target,
    host: placed.host,
    checkMode,
    by: site.identity.name,
    performance: { signal: engine.signal, onOutput: listener(attempt) },
    foretell: (usual) => foretell(attempt, usual),
  };
  const seconds = keywords.number('async') ?? 0;
  const poll = keywords.number('poll') ?? engine.settings.pollInterval;
  const detached = seconds > 0;
  const worked = !detached
    ? await work(job)
    : checkMode
      ? await foretellDetached(job, { seconds, poll })
      : await runDetached(job, site, host, { seconds, poll });
  let { data } = worked;
  if (worked.status === 'skipped') data = { ...data, failed: false };
  // A job that is left running has no result yet that could tell how it was called.
  else if (worked.status !== 'unreachable' && !(detached && poll <= 0))
    data = { ...invocationOf(module, args), ...data };
  return {
    result: { ...worked, data, certainty: worse(worked.certainty, certainty) },
    effects: [],
    delegate: placed.delegate,
  };
}

/** What the module was called with; one that takes anything tells it by itself or not at all. */
function invocationOf(module: Module, args: Arguments): JsonObject {
  return module.open ? {} : { invocation: { module_args: args.shown } };
}

/** Tells output while it comes, unless no_log hides it. */
function listener(attempt: Attempt): NonNullable<Performance['onOutput']> {
  const { identity, host, site, noLog } = attempt;
  return (chunk, stream) => {
    if (noLog) return;
    site.engine.emit({ kind: 'output', task: identity, host, stream, text: new TextDecoder().decode(chunk) });
  };
}

/** A failure without a place of its own stands at its task. */
function located(result: TaskResult, site: TaskSite): TaskResult {
  if (result.status !== 'failed' || result.failure.position !== undefined) return result;
  return { ...result, failure: { ...result.failure, position: site.task.position } };
}
