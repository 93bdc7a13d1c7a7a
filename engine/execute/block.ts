// Blocks over sets of hosts: the body on those that are alive, rescue on those that failed in it, always on both. Hosts
// that ended or became unreachable take part in neither.

import type { Block, Node, Role } from '../model/playbook.ts';
import { fromJson, type JsonObject, type Value } from '../model/value.ts';
import { type Frame, within } from './state.ts';
import { runTask, type Stage } from './task.ts';

/** Runs nodes one after another on those of the hosts that are alive when each begins. */
export async function runNodes(
  stage: Stage,
  frame: Frame,
  nodes: readonly Node[],
  hosts: readonly string[],
): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    if (stage.engine.signal.aborted) return;
    const alive = frame.run.hosts.alive(hosts).filter((host) => !frame.left.has(host));
    if (alive.length === 0) return;
    if (node.kind === 'task') await runTask(stage, frame, node, alive, String(index));
    else await runBlock(stage, within(frame, String(index)), node, alive);
  }
}

async function runBlock(stage: Stage, frame: Frame, block: Block, alive: readonly string[]): Promise<void> {
  const { run } = frame;
  const hosts = block.origin === 'role' ? alive.filter((host) => !hasRun(frame, block, host)) : alive;
  if (hosts.length === 0) return;
  const left = block.origin === 'role' ? new Set<string>() : frame.left;
  const rescues = block.rescue.length > 0;
  await runNodes(stage, within(frame, 'block', { rescuable: frame.rescuable || rescues, left }), block.body, hosts);
  let passing = swept(run, hosts);
  if (rescues) {
    await rescue(stage, within(frame, 'rescue', { left }), block, without(hosts, passing));
    passing = swept(run, hosts);
  }
  if (block.always.length > 0) await always(stage, within(frame, 'always', { left }), block, without(hosts, passing));
  if (block.origin === 'role' && block.role !== undefined) {
    for (const host of run.hosts.alive(hosts)) {
      const key = roleKey(block.role, host);
      if (run.begunRoles.has(key)) run.completedRoles.add(key);
    }
  }
}

/** Hosts that pass the next section by. Once they did, they are like any that failed. */
function swept(run: Frame['run'], hosts: readonly string[]): string[] {
  return hosts.filter((host) => run.swept.delete(host));
}

function without(hosts: readonly string[], others: readonly string[]): readonly string[] {
  return others.length === 0 ? hosts : hosts.filter((host) => !others.includes(host));
}

/** A role on a host: the same with the same parameters. */
export function roleKey(role: Role, host: string): string {
  return `${host}\0${role.identity}`;
}

/** A role runs once with the same parameters, unless it says otherwise. */
function hasRun(frame: Frame, block: Block, host: string): boolean {
  return (
    block.role !== undefined && !block.role.allowDuplicates && frame.run.completedRoles.has(roleKey(block.role, host))
  );
}

async function rescue(stage: Stage, frame: Frame, block: Block, hosts: readonly string[]): Promise<void> {
  const { run } = frame;
  const failed = hosts.filter((host) => run.hosts.of(host) === 'failed');
  if (failed.length === 0) return;
  for (const host of failed) {
    run.hosts.set(host, 'alive');
    const failure = run.lastFailure.get(host);
    if (failure === undefined) continue;
    const { task, registered } = failure;
    stage.engine.variables.setNonPersistent(
      host,
      new Map<Value, Value>([
        [
          'ansible_failed_task',
          fromJson({
            name: task.given ?? '',
            action: task.action,
            args: (registered['invocation'] as JsonObject | undefined)?.['module_args'] ?? {},
            tags: task.tags,
          }),
        ],
        ['ansible_failed_result', fromJson(registered)],
      ]),
    );
  }
  await runNodes(stage, frame, block.rescue, failed);
}

async function always(stage: Stage, frame: Frame, block: Block, hosts: readonly string[]): Promise<void> {
  const { run } = frame;
  const failed = hosts.filter((host) => run.hosts.of(host) === 'failed');
  for (const host of failed) run.hosts.set(host, 'alive');
  await runNodes(stage, frame, block.always, hosts);
  for (const host of failed) if (run.hosts.of(host) === 'alive') run.hosts.set(host, 'failed');
}
