// All items of a loop as one result: changed if any, failed if any, skipped if all.

import { worse } from '../forecast/forecast.ts';
import type { Certainty, TaskResult } from '../model/result.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { LoopPlan } from './loop.ts';
import { asRegistered } from './registered.ts';
import type { ItemOutcome, TaskSite } from './site.ts';

/** All items' outcomes as one: changed if any, failed if any, skipped if all. */
export function combined(
  site: TaskSite,
  outcomes: readonly ItemOutcome[],
  results: Json[],
  plan: LoopPlan,
): ItemOutcome {
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
  if (lost?.status === 'unreachable') result = { ...lost, ...shared, data: data('All items completed'), changes };
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
    registered: asLoop(result),
    effects: outcomes.flatMap((outcome) => outcome.effects),
    notified: outcomes.flatMap((outcome) => outcome.notified),
    delegate: outcomes.at(-1)?.delegate,
    noLog: outcomes.some((outcome) => outcome.noLog),
    identity: outcomes.at(-1)?.identity ?? site.identity,
  };
}

/** Mirrors ansible-core: a loop always tells whether it was skipped, and of `failed` only when it did. */
function asLoop(result: TaskResult): JsonObject {
  const { failed, exception: _exception, ...registered } = asRegistered(result);
  return { ...registered, skipped: result.status === 'skipped', ...(failed === true ? { failed } : {}) };
}

function foretoldOf(results: readonly TaskResult[]): { foretold?: 'ok' | 'changed' } {
  const told = results.map((result) => (result.status === 'skipped' ? result.foretold : undefined));
  if (told.includes('changed')) return { foretold: 'changed' };
  return told.includes('ok') ? { foretold: 'ok' } : {};
}
