// How the hosts of a run fare. A host is in exactly one state; what a block does with its hosts is a matter of sets.

import type { TaskIdentity } from '../model/event.ts';
import type { Play } from '../model/playbook.ts';
import type { JsonObject } from '../model/value.ts';
import type { Handlers } from './handlers.ts';

/** `ended`: left the play by meta (end_host ...) without a failure. */
export type HostState = 'alive' | 'failed' | 'unreachable' | 'ended';

/** Hosts over the whole run: who failed stays out of later plays. */
export class Hosts {
  readonly #states = new Map<string, HostState>();

  of(host: string): HostState {
    return this.#states.get(host) ?? 'alive';
  }
  set(host: string, state: HostState): void {
    this.#states.set(host, state);
  }
  alive(hosts: readonly string[]): string[] {
    return hosts.filter((host) => this.of(host) === 'alive');
  }
  /** All hosts of the run in a state. */
  in(state: HostState): string[] {
    return [...this.#states].filter(([, at]) => at === state).map(([host]) => host);
  }
  /** Hosts that meta ended come back with the next play. */
  reviveEnded(): void {
    for (const [host, state] of this.#states) if (state === 'ended') this.#states.set(host, 'alive');
  }
}

/** One batch of one play while it runs. */
export interface PlayRun {
  readonly play: Play;
  readonly batch: readonly string[];
  readonly allHosts: readonly string[];
  readonly hosts: Hosts;
  readonly handlers: Handlers;
  /** Roles that have run to the end on a host: `host\0role key`. */
  readonly completedRoles: Set<string>;
  /** Roles of which a host ran a task that was not skipped: `host\0role key`. Only they can be completed. */
  readonly begunRoles: Set<string>;
  /** Set when the play is over for everybody (end_play, end_batch). */
  over: 'play' | 'batch' | undefined;
  /** The last failure of a host, for rescue's variables. */
  readonly lastFailure: Map<string, { readonly task: TaskIdentity; readonly registered: JsonObject }>;
  /** Hosts that failed along with another (`run_once`): they pass by the next section that would take them. */
  readonly swept: Set<string>;
  /** Each host goes at its own pace: nothing is told of a task before a host has a result. */
  readonly free: boolean;
  readonly address: string;
  /** How often handlers were flushed, by host where they are not in step: part of their tasks' addresses. */
  readonly flushes: Map<string, number>;
}

/** What the recursion carries down: where it is, and whether a failure here will be rescued. */
export interface Frame {
  readonly run: PlayRun;
  /** Address of the enclosing node. */
  readonly address: string;
  /** A rescue is above: a failure does not end the play for the others. */
  readonly rescuable: boolean;
  /** Hosts that left the role (end_role). */
  readonly left: Set<string>;
}

/** The frame within a node of another. */
export function within(frame: Frame, step: string, changes: Partial<Pick<Frame, 'rescuable' | 'left'>> = {}): Frame {
  return { ...frame, ...changes, address: `${frame.address}/${step}` };
}
