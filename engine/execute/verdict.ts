// changed_when and failed_when overrule what the module said of itself.

import { TemplateError } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import type { TaskResult } from '../model/result.ts';
import { fromJson, type JsonObject, type Value } from '../model/value.ts';
import { toBool } from '../module/schema.ts';
import type { Context } from '../template/contract.ts';
import { contextOf } from './context.ts';
import { allHold, type Condition, listed } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { asRegistered, NO_TRACE } from './registered.ts';
import type { Attempt } from './site.ts';

/** changed_when and failed_when overrule the module. */
export function judged(attempt: Attempt, result: TaskResult): TaskResult {
  const { task } = attempt.site;
  const changedWhen = listed(task.directives['changedWhen']);
  const failedWhen = listed(task.directives['failedWhen']);
  let overruling = 'changed_when_result';
  if (changedWhen.length === 0 && failedWhen.length === 0) return result;
  try {
    let now = result;
    if (changedWhen.length > 0)
      now = withChanged(now, allHold(attempt.site.engine, changedWhen, judgedContext(attempt, asRegistered(now))));
    overruling = 'failed_when_result';
    if (failedWhen.length > 0)
      now = withFailed(
        now,
        failedWhen,
        allHold(attempt.site.engine, failedWhen, judgedContext(attempt, asRegistered(now))),
      );
    return now;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return unjudged(result, overruling, error);
  }
}

/** A condition that cannot be evaluated fails the task; what the module said of it stays. */
function unjudged(result: TaskResult, key: string, error: TemplateError): TaskResult {
  const { changed, ...known } = asRegistered(result);
  return {
    ...outcomeOf(error),
    ...shared(result),
    data: { msg: error.message, ...known, changed: changed ?? false, failed: true, [key]: error.message },
    changes: 'changes' in result ? result.changes : [],
  } as TaskResult;
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
  const kept = { ...data, failed: false, failed_when_suppressed_exception: NO_TRACE };
  return changed
    ? { ...shared(result), status: 'changed', changes: result.changes, applied: true, data: kept }
    : { ...shared(result), status: 'ok', data: kept };
}

export function shared(
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
export function judgedContext(attempt: Attempt, registered: JsonObject): Context {
  return contextOf(
    attempt.site.engine,
    attempt.site.frame.run,
    attempt.site.task,
    attempt.host,
    withRegistered(attempt.site.task, attempt.variables, registered),
  );
}

export function withRegistered(
  task: Task,
  variables: ReadonlyMap<string, Value> | undefined,
  registered: JsonObject,
): Map<string, Value> {
  const extra = new Map(variables ?? []);
  const name = task.directives['register']?.value;
  if (typeof name === 'string') extra.set(name, fromJson(registered));
  return extra;
}
