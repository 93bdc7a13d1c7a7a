// One batch of a play: facts, sections in order, handlers between them; in step, or each host at its own pace.

import type { Node } from '../model/playbook.ts';
import { type Dict, toJson } from '../model/value.ts';
import { toBool } from '../module/schema.ts';
import { runNodes } from './block.ts';
import { flushHandlers } from './flush.ts';
import { gatherFacts } from './gather.ts';
import { type Frame, type PlayRun, within } from './state.ts';
import type { Stage } from './task.ts';

/** Runs a batch of a play: all its hosts in step, or each at its own pace. */
export async function runBatch(stage: Stage, run: PlayRun, promptVars: Dict): Promise<void> {
  const { play, batch, allHosts, hosts } = run;
  stage.engine.variables.setPlay({
    play,
    hosts: allHosts,
    // Asked for anew each time: a host that failed a moment ago is not among them.
    get batch() {
      return hosts.alive(batch);
    },
    get remaining() {
      return hosts.alive(allHosts);
    },
    prompted: promptVars,
  });
  const frame: Frame = { run, address: run.address, rescuable: false, left: new Set() };
  if (run.free) await Promise.all(batch.map((host) => runSections(stage, frame, [host])));
  else await runSections(stage, frame, batch);
}

async function runSections(stage: Stage, frame: Frame, hosts: readonly string[]): Promise<void> {
  const { play } = frame.run;
  await gatherFacts(stage, frame, hosts);
  const sections: [string, readonly Node[]][] = [
    ['pre', play.preTasks],
    ['main', [...play.roles, ...play.tasks]],
    ['post', play.postTasks],
  ];
  for (const [name, nodes] of sections) {
    await runNodes(stage, within(frame, name), nodes, hosts);
    await flushSection(stage, frame, hosts, nodes.length > 0 || name === 'post');
  }
}

/** Handlers run after each section; on failed hosts too, when they are forced. */
async function flushSection(stage: Stage, frame: Frame, hosts: readonly string[], due: boolean): Promise<void> {
  const { run } = frame;
  if (!due || !run.handlers.waiting(hosts)) return;
  const raw = run.play.directives['forceHandlers']?.value;
  const forced = toBool(toJson(raw ?? stage.engine.settings.forceHandlers)) ?? false;
  const failed = forced ? hosts.filter((host) => run.hosts.of(host) === 'failed') : [];
  for (const host of failed) run.hosts.set(host, 'alive');
  if (forced && run.over === 'play') run.over = undefined;
  await flushHandlers(stage, frame, hosts);
  for (const host of failed) if (run.hosts.of(host) === 'alive') run.hosts.set(host, 'failed');
}
