// A task's loop on one host: one execution an item, each told as it ends.

import { setTimeout as sleep } from 'node:timers/promises';
import { TemplateError } from '../model/errors.ts';
import type { TaskResult } from '../model/result.ts';
import { type Json, setOwn, toJson, type Value } from '../model/value.ts';
import { ignoring } from './attempts.ts';
import { hostResult } from './censor.ts';
import { combined } from './combine.ts';
import { contextOf } from './context.ts';
import { runItem } from './item.ts';
import { allHold } from './judge.ts';
import type { LoopPlan } from './loop.ts';
import { outcomeOf, told } from './outcome.ts';
import { bareOutcome, type ItemOutcome, includes, isSilent, type TaskSite } from './site.ts';
import { withRegistered } from './verdict.ts';

/** Runs a task for each item of its loop. Throws TemplateError; what goes wrong for an item is its result. */
export async function runItems(site: TaskSite, host: string, plan: LoopPlan): Promise<ItemOutcome> {
  if (plan.items.length === 0) {
    const result: TaskResult = {
      status: 'skipped',
      reason: '',
      certainty: plan.certainty,
      data: { skipped_reason: 'No items in the list', results: [] },
    };
    return bareOutcome(site, result);
  }
  const outcomes: ItemOutcome[] = [];
  const registereds: Json[] = [];
  for (const [index, item] of plan.items.entries()) {
    if (index > 0 && plan.pause > 0) await sleep(plan.pause * 1000, undefined, { signal: site.engine.signal });
    const started = new Date();
    const variables = plan.variables(index);
    const ran = await runItem(site, host, variables, plan);
    const { label, error } = itemLabel(site, plan, host, variables, item);
    const outcome = error === undefined ? ran : spoilt(site, host, variables, ran, error);
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
    if (outcome.result.status === 'unreachable' && !outcome.result.ignored) break;
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

/** An item that ran, and failed afterwards. */
function spoilt(
  site: TaskSite,
  host: string,
  variables: ReadonlyMap<string, Value>,
  { delegate, noLog, identity }: ItemOutcome,
  error: TemplateError,
): ItemOutcome {
  const context = contextOf(site.engine, site.frame.run, site.task, host, variables);
  return bareOutcome(site, ignoring(site, context, outcomeOf(error)), { delegate, noLog, identity });
}

/** How an item is called in the output; a label that cannot be rendered fails it. */
function itemLabel(
  site: TaskSite,
  plan: LoopPlan,
  host: string,
  variables: ReadonlyMap<string, Value>,
  item: Value,
): { readonly label: string; readonly error?: TemplateError } {
  const { templar } = site.engine;
  if (plan.label === undefined) return { label: templar.text(item) };
  try {
    const context = contextOf(site.engine, site.frame.run, site.task, host, variables);
    return { label: templar.text(templar.render(plan.label, context)) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { label: templar.text(item), error: told(error, 'Failed to template loop_control.label: ', true) };
  }
}
