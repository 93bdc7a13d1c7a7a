// Running the handlers that were notified.

import type { Frame } from './state.ts';
import { within } from './state.ts';
import { runTask, type Stage } from './task.ts';

/** How often handlers may notify handlers that stand before them in one flush. */
const PASSES = 100;

/** Runs waiting handlers in the order of their definition, on those of the hosts that notified them. */
export async function flushHandlers(stage: Stage, frame: Frame, hosts: readonly string[]): Promise<void> {
  const { run } = frame;
  const flush = within({ ...frame, address: run.address }, `handlers${++run.flushes}`, { rescuable: frame.rescuable });
  for (let pass = 0; run.handlers.waiting && pass < PASSES; pass++) {
    let index = 0;
    let next = run.handlers.next(undefined);
    while (next !== undefined) {
      const { task } = next;
      const taking = run.hosts.alive(next.hosts).filter((host) => hosts.includes(host) || run.batch.includes(host));
      if (taking.length > 0 && run.over === undefined)
        await runTask(stage, flush, task, inOrder(taking, run.batch), `${pass}.${index}`);
      index++;
      next = run.handlers.next(task);
    }
  }
}

function inOrder(hosts: readonly string[], order: readonly string[]): string[] {
  return order.filter((host) => hosts.includes(host));
}
