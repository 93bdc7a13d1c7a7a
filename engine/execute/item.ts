// One execution, alone or for one item of a loop: whether its condition lets it run, and with which keywords.

import { worse } from '../forecast/forecast.ts';
import type { TaskResult } from '../model/result.ts';
import { isDict, toJson, type Value } from '../model/value.ts';
import { attempts, ignoring } from './attempts.ts';
import { certaintyOf, contextOf } from './context.ts';
import type { Delegate } from './delegate.ts';
import { Keywords } from './directives.ts';
import type { Engine } from './engine.ts';
import { conditionsOf, firstFalse } from './judge.ts';
import type { LoopPlan } from './loop.ts';
import { outcomeOf } from './outcome.ts';
import { bareOutcome, type ItemOutcome, type TaskSite } from './site.ts';
import type { Frame } from './state.ts';

/** One execution: alone, or for one item of a loop. */
export async function runItem(
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
      return bareOutcome(site, result, { delegate, noLog, identity });
    }
    if (plan?.error !== undefined) throw plan.error;
    delegate = delegateOf(keywords);
    const seen = delegate === undefined ? variables : withDelegate(engine, frame, delegate, variables);
    const checkMode = keywords.bool('checkMode') ?? engine.settings.checkMode;
    const diff = keywords.bool('diff') ?? engine.settings.diff;
    identity = { ...identity, noLog, checkMode, diff };
    return await attempts({
      site,
      host,
      variables,
      context: seen === variables ? context : contextOf(engine, frame.run, task, host, seen),
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
    return bareOutcome(site, result, { delegate, noLog, identity });
  }
}

/** A delegated execution sees the delegate's variables beside its own host's. */
function withDelegate(
  engine: Engine,
  { run }: Frame,
  { name }: Delegate,
  variables: ReadonlyMap<string, Value> | undefined,
): ReadonlyMap<string, Value> {
  const hosts = engine.variables.scope({ host: name, play: run.play }).get('hostvars');
  const seen = isDict(hosts) ? hosts.get(name) : undefined;
  return new Map([
    ...(variables ?? []),
    ['ansible_delegated_vars', new Map<Value, Value>([[name, seen ?? new Map()]])],
  ]);
}

function delegateOf(keywords: Keywords): Delegate | undefined {
  const name = keywords.text('delegateTo');
  return name === undefined || name === '' ? undefined : { name, address: undefined };
}
