// Running the handlers that were notified.

import { type Frame, within } from './state.ts';
import { runTask, type Stage } from './task.ts';

/**
 * Runs waiting handlers of these hosts in the order of their definition, on those that notified them. What a handler
 * notifies runs in the same flush if it stands behind it, and waits for the next one if not.
 */
export async function flushHandlers(stage: Stage, frame: Frame, hosts: readonly string[]): Promise<void> {
  const { run } = frame;
  const pace = run.free ? hosts[0]! : '';
  const count = (run.flushes.get(pace) ?? 0) + 1;
  run.flushes.set(pace, count);
  const flush = within({ ...frame, address: run.address }, `handlers${count}`, { rescuable: frame.rescuable });
  const taking = (): string[] => run.hosts.alive(run.batch.filter((host) => hosts.includes(host)));
  let next = run.handlers.next(undefined, taking());
  for (let index = 0; next !== undefined && run.over === undefined; index++) {
    await runTask(stage, flush, next.task, next.hosts, String(index));
    next = run.handlers.next(next.task, taking());
  }
}
