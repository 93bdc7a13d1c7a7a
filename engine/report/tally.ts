// Counts per host, folded from events; recap and exit code come from here, so that a saved run gives the same ones.

import type { Event } from '../model/event.ts';
import { byCodePoint } from '../model/json-text.ts';
import type { TaskResult } from '../model/result.ts';
import type { Listener } from './listener.ts';

export interface Counts {
  ok: number;
  changed: number;
  unreachable: number;
  failed: number;
  skipped: number;
  rescued: number;
  ignored: number;
  /** Results of a dry run that rest on what an unapplied change would bring. */
  foreseen: number;
  /** Results of a dry run about which nothing can be known. */
  unknown: number;
}

export class Tally implements Listener {
  readonly #hosts = new Map<string, Counts>();
  /** Failures that count, by task and host: only these can be rescued. */
  readonly #failures = new Set<string>();
  /** Hosts that were out when the last batch ended. */
  #out: { readonly failed: readonly string[]; readonly unreachable: readonly string[] } | undefined;

  hear(event: Event): void {
    if (event.kind === 'batch-finished') {
      this.#out = event;
    } else if (event.kind === 'host-finished') {
      if (event.uncounted) return;
      const { host, task, result, registered } = event.outcome;
      if (result.status === 'failed' && !result.ignored) this.#failures.add(`${task.address} ${host}`);
      this.#count(this.of(host), result, registered['changed'] === true);
    } else if (event.kind === 'included') {
      for (const host of event.hosts) this.of(host).ok++;
    } else if (event.kind === 'rescued' && this.#failures.delete(`${event.task.address} ${event.host}`)) {
      const counts = this.of(event.host);
      counts.rescued++;
      counts.failed--;
    }
  }

  #count(counts: Counts, result: TaskResult, saysChanged: boolean): void {
    if (result.certainty !== 'certain') counts[result.certainty]++;
    switch (result.status) {
      case 'ok':
        counts.ok++;
        break;
      case 'changed':
        counts.ok++;
        counts.changed++;
        break;
      case 'skipped':
        counts.skipped++;
        break;
      case 'failed':
      case 'unreachable':
        if (!result.ignored) counts[result.status]++;
        else {
          counts.ok++;
          counts.ignored++;
          if (saysChanged) counts.changed++;
        }
    }
  }

  /** The counts of a host, all zero before anything was heard of it. */
  of(host: string): Counts {
    let counts = this.#hosts.get(host);
    if (counts === undefined) {
      counts = {
        ok: 0,
        changed: 0,
        unreachable: 0,
        failed: 0,
        skipped: 0,
        rescued: 0,
        ignored: 0,
        foreseen: 0,
        unknown: 0,
      };
      this.#hosts.set(host, counts);
    }
    return counts;
  }

  /** Hosts of which anything was heard, sorted as the recap lists them. */
  hosts(): readonly string[] {
    return [...this.#hosts.keys()].sort(byCodePoint);
  }

  /** 4 when a host was unreachable, else 2 when one failed, else 0. */
  exitCode(): number {
    // Hosts may have come back since they failed, or have been taken along by the failure of others.
    if (this.#out !== undefined) return this.#out.unreachable.length > 0 ? 4 : this.#out.failed.length > 0 ? 2 : 0;
    const all = [...this.#hosts.values()];
    if (all.some((counts) => counts.unreachable > 0)) return 4;
    return all.some((counts) => counts.failed > 0) ? 2 : 0;
  }
}
