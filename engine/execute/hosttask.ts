// One task on one host, from its loop to the result that listeners see. The way on: items (the loop), item (condition and
// keywords), attempts (until, retries), invoke (the module), verdict (changed_when, failed_when).

import { hostResult } from './censor.ts';
import { contextOf } from './context.ts';
import { runItem } from './item.ts';
import { runItems } from './items.ts';
import { itemsOf } from './loop.ts';
import { outcomeOf } from './outcome.ts';
import { bareOutcome, type HostOutcome, type ItemOutcome, type TaskSite } from './site.ts';

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
      outcome = await runItems(site, host, plan);
    }
  } catch (error) {
    outcome = bareOutcome(site, outcomeOf(error));
  }
  const ended = new Date();
  return {
    host,
    ...outcome,
    loop,
    outcome: hostResult(host, outcome, started, ended),
  };
}
