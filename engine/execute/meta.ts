// meta: what a play asks of the run itself.

import type { Engine } from './engine.ts';
import { flushHandlers } from './flush.ts';
import type { HostOutcome, TaskSite } from './site.ts';
import type { Stage } from './task.ts';

/** Carries out the meta actions that hosts decided on; skipped hosts decided on none. */
export async function carryOutMeta(
  stage: Stage,
  site: TaskSite,
  outcomes: readonly HostOutcome[],
  hosts: readonly string[],
): Promise<void> {
  const asked = new Map<string, string[]>();
  for (const outcome of outcomes) {
    for (const { effect } of outcome.effects) {
      if (effect.kind === 'meta') asked.set(effect.action, [...(asked.get(effect.action) ?? []), outcome.host]);
    }
  }
  for (const [action, who] of asked) await ACTIONS[action]?.(stage, site, who, hosts);
}

type MetaAction = (
  stage: Stage,
  site: TaskSite,
  who: readonly string[],
  hosts: readonly string[],
) => Promise<void> | void;

const ACTIONS: Readonly<Record<string, MetaAction>> = {
  flush_handlers: (stage, site, who) => flushHandlers(stage, site.frame, who),
  end_play: (_stage, { frame }) => {
    end(frame.run.hosts.alive(frame.run.batch), frame.run);
    frame.run.over = 'play';
  },
  end_batch: (_stage, { frame }) => {
    end(frame.run.hosts.alive(frame.run.batch), frame.run);
    frame.run.over = 'batch';
  },
  end_host: (_stage, { frame }, who) => end(who, frame.run),
  end_role: (_stage, { frame }, who) => {
    for (const host of who) frame.left.add(host);
  },
  clear_facts: ({ engine }, _site, who) => {
    for (const host of who) engine.variables.clearFacts(host);
  },
  clear_host_errors: (_stage, { frame }) => {
    const { hosts, allHosts } = frame.run;
    for (const host of allHosts) {
      // Who failed is through with this play, and takes part in the next.
      if (hosts.of(host) === 'failed') hosts.set(host, 'ended');
      else if (hosts.of(host) === 'unreachable') hosts.set(host, 'alive');
    }
  },
  refresh_inventory: ({ engine }) => engine.inventory.refresh(),
  reset_connection: ({ engine }, _site, who) => resetAll(engine, who),
  noop: () => undefined,
  role_complete: () => undefined,
};

function end(hosts: readonly string[], run: TaskSite['frame']['run']): void {
  for (const host of hosts) run.hosts.set(host, 'ended');
}

async function resetAll(engine: Engine, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) await engine.dialler.reset(host);
}
