// What all hosts' outcomes of a task mean together: who is out, what becomes of the others, effects on the run, includes.

import { type Dict, fromJson, toJson, type Value } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import { roleKey } from './block.ts';
import { contextOf } from './context.ts';
import { early, Keywords } from './directives.ts';
import type { Engine } from './engine.ts';
import { include } from './includes.ts';
import { carryOutMeta } from './meta.ts';
import type { HostOutcome, TaskSite } from './site.ts';
import type { Stage } from './task.ts';

/** What all outcomes together mean: hosts that failed, effects on the run, includes. */
export async function settle(
  stage: Stage,
  site: TaskSite,
  outcomes: readonly HostOutcome[],
  hosts: readonly string[],
  once: boolean,
): Promise<void> {
  const { engine, frame } = site;
  const { run } = frame;
  for (const outcome of outcomes) {
    const { result } = outcome;
    const { role } = site.task;
    if (role !== undefined && result.status !== 'skipped')
      for (const host of once ? hosts : [outcome.host]) run.begunRoles.add(roleKey(role, host));
    const state =
      result.status === 'failed' && !result.ignored
        ? 'failed'
        : result.status === 'unreachable' && !result.ignored
          ? 'unreachable'
          : undefined;
    if (state === undefined) continue;
    for (const host of once ? hosts : [outcome.host]) {
      run.hosts.set(host, state);
      run.lastFailure.set(host, { task: site.identity, registered: outcome.registered });
      if (host !== outcome.host) run.swept.add(host);
      if (state === 'failed' && frame.rescuable) engine.emit({ kind: 'rescued', host, task: site.identity });
    }
  }
  spreadFailure(site, hosts);
  for (const outcome of outcomes) {
    for (const { effect, sources } of outcome.effects) {
      if (effect.kind === 'add-host') {
        const { scope } = contextOf(engine, run, site.task, outcome.host);
        const vars = [...(fromJson(effect.vars) as Dict)].map(([name, value]) => {
          const from = sources.get(String(name)) ?? [];
          return [name, engine.templar.marked(value, from, scope)] as const;
        });
        engine.inventory.addHost(effect.name, effect.groups, new Map(vars));
      } else if (effect.kind === 'group-host') engine.inventory.addToGroup(outcome.host, effect.group, effect.parents);
      else if (effect.kind === 'set-stats')
        engine.emit({ kind: 'stats-set', host: effect.perHost ? outcome.host : undefined, data: effect.data });
    }
  }
  await carryOutMeta(stage, site, outcomes, hosts);
  await include(stage, site, outcomes);
}

/** any_errors_fatal and max_fail_percentage: the failure of some is the failure of all. */
function spreadFailure(site: TaskSite, hosts: readonly string[]): void {
  const { engine, frame, task } = site;
  const { run } = frame;
  const lost = hosts.filter((host) => run.hosts.of(host) === 'failed' || run.hosts.of(host) === 'unreachable');
  if (lost.length === 0) return;
  const context = contextOf(engine, run, task, hosts[0]!);
  const keywords = new Keywords(task, run.play, engine.templar, context);
  const fatal = early(() => keywords.bool('anyErrorsFatal')) ?? engine.settings.anyErrorsFatal;
  const percentage = early(() => percentOf(run.play.directives['maxFailPercentage']?.value, engine, context));
  const failed = run.batch.filter((host) => run.hosts.of(host) === 'failed' || run.hosts.of(host) === 'unreachable');
  const tooMany = percentage !== undefined && (failed.length / run.batch.length) * 100 > percentage;
  if (!fatal && !(tooMany && !frame.rescuable)) return;
  for (const host of run.hosts.alive(run.batch)) {
    run.hosts.set(host, 'failed');
    run.lastFailure.set(host, run.lastFailure.get(lost[0]!)!);
  }
  if (frame.rescuable) return;
  run.over = 'play';
  // The reference says it for the task and once more for the play.
  if (tooMany) for (let times = 0; times < 2; times++) engine.emit({ kind: 'no-hosts-left' });
}

function percentOf(
  value: Value | undefined,
  engine: Engine,
  context: ReturnType<typeof contextOf>,
): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = Number(toText(toJson(engine.templar.render(value, context))).replace(/%$/, ''));
  return Number.isNaN(number) ? undefined : number;
}
