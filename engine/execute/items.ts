// A task's loop on one host: one execution an item, each told as it ends.

import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskResult } from '../model/result.ts';
import { type Json, setOwn, toJson, type Value } from '../model/value.ts';
import { hostResult } from './censor.ts';
import { combined } from './combine.ts';
import { contextOf } from './context.ts';
import { runItem } from './item.ts';
import { allHold } from './judge.ts';
import type { LoopPlan } from './loop.ts';
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
