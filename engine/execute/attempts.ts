// until, retries, delay: one execution tried until it satisfies; whom it would notify, and whether its failure is ignored.

import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskResult } from '../model/result.ts';
import { OMIT, toJson } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import type { Context } from '../template/contract.ts';
import { censored } from './censor.ts';
import { Keywords } from './directives.ts';
import { invoke } from './invoke.ts';
import { allHold, listed } from './judge.ts';
import { asRegistered } from './registered.ts';
import type { Attempt, ItemOutcome, TaskSite } from './site.ts';
import { judgedContext, shared } from './verdict.ts';

/** Executes until `until` holds or the retries are used up. */
export async function attempts(attempt: Attempt): Promise<ItemOutcome> {
  const { site, host, keywords, context } = attempt;
  const { engine, task } = site;
  const until = listed(task.directives['until']);
  const retries = keywords.number('retries');
  const tries = until.length > 0 || retries !== undefined ? Math.max(1, (retries ?? 3) + 1) : 1;
  const delay = Math.max(0, keywords.number('delay', 'float') ?? 5);
  let trips = 0;
  for (let count = 1; ; count++) {
    const once = await invoke(attempt);
    trips += once.result.trips ?? 0;
    let { result } = once;
    if (tries > 1 && !once.unstarted && result.status !== 'unreachable') result = counted(result, count);
    let registered = asRegistered(result);
    const dry = attempt.checkMode && result.status === 'skipped';
    if (tries > 1 && !dry && !once.unstarted && result.status !== 'unreachable') {
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
        // As in Ansible: the attempts of a task that never satisfied are its retries, the first one is not counted.
        result = counted(result, count - 1);
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
    return {
      ...once,
      result,
      registered: asRegistered(result),
      notified: notifications(attempt),
      noLog: attempt.noLog,
      identity: attempt.identity,
    };
  }
}

function counted(result: TaskResult, count: number): TaskResult {
  return { ...result, data: { ...result.data, attempts: count } };
}

/** Whom the task notifies, should all of it come out as changed. */
function notifications(attempt: Attempt): string[] {
  const names: string[] = [];
  for (const { value } of listed(attempt.keywords.raw('notify'))) {
    const rendered = attempt.keywords.render('notify', value);
    for (const name of Array.isArray(rendered) ? rendered : [rendered])
      if (name !== null && name !== OMIT) names.push(toText(toJson(name)));
  }
  return names;
}

/** Marks a failure that ignore_errors or ignore_unreachable takes. */
export function ignoring(site: TaskSite, context: Context, result: TaskResult): TaskResult {
  if (result.status !== 'failed' && result.status !== 'unreachable') return result;
  const field = result.status === 'failed' ? 'ignoreErrors' : 'ignoreUnreachable';
  try {
    const ignored = new Keywords(site.task, site.frame.run.play, site.engine.templar, context).bool(field) ?? false;
    return ignored ? { ...result, ignored } : result;
  } catch {
    return result;
  }
}
