// What listeners get of an outcome: without what no_log hides.

import type { HostResult } from '../model/event.ts';
import type { TaskResult } from '../model/result.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { ItemOutcome } from './site.ts';

/** What `no_log` leaves of a result. */
const CENSORED = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/** An outcome as listeners get it: without what no_log hides. */
export function hostResult(host: string, outcome: ItemOutcome, started: Date, ended: Date): HostResult {
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

/** The dict with everything hidden that no_log hides. */
export function censored(registered: JsonObject): JsonObject {
  const kept: Record<string, Json> = { censored: CENSORED };
  for (const key of ['changed', 'failed', 'unreachable', 'skipped', 'attempts', 'retries']) {
    if (registered[key] !== undefined) kept[key] = registered[key];
  }
  const { results } = registered;
  if (Array.isArray(results)) kept['results'] = results.map((item) => censored(item as JsonObject));
  return kept;
}
