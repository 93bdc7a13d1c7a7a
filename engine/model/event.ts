// The executor's only voice. Events are plain data, redacted before the first listener sees them; recap, exit code and
// every report are folds over them.

import type { Position } from './position.ts';
import type { Certainty, Status, TaskResult } from './result.ts';
import type { JsonObject } from './value.ts';

/** The stable address of a host-task: play, batch, includes with items, position, flush number, loop item; '/'-joined. */
export type Address = string;

export interface TaskIdentity {
  /** Address without host and item. */
  readonly address: Address;
  /** Its own name, rendered; undefined where it has none. */
  readonly given?: string | undefined;
  /** The name to show: `role : name`, or the action's name as written. */
  readonly name: string;
  readonly action: string;
  readonly position: Position;
  readonly handler: boolean;
  /** Its hosts are not in step: it begins anew for each of them. */
  readonly free?: true | undefined;
  /** Of its results only what they say is shown, without what is added to every result. */
  readonly bare?: true | undefined;
  readonly tags: readonly string[];
  readonly role: string | undefined;
  readonly noLog: boolean;
  readonly checkMode: boolean;
  readonly diff: boolean;
  /** Templated arguments where known (shown by display_args_to_stdout and -vvv). */
  readonly args?: JsonObject | undefined;
}

export interface HostResult {
  readonly task: TaskIdentity;
  readonly host: string;
  /** Set when delegated: the delegate's name, and its address when that differs. */
  readonly delegate?: { readonly name: string; readonly address?: string | undefined } | undefined;
  readonly result: TaskResult;
  /** The dict that `register` would hold: Ansible's loose result, made by `asRegistered`, hidden by no_log. */
  readonly registered: JsonObject;
  /** Milliseconds. */
  readonly duration: number;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string;
}

export type Event =
  | { readonly kind: 'run-started'; readonly playbooks: readonly string[]; readonly checkMode: boolean }
  | { readonly kind: 'playbook-started'; readonly file: string; readonly plays: number }
  | {
      readonly kind: 'play-started';
      readonly id: string;
      readonly name: string;
      readonly position: Position;
      readonly hosts: readonly string[];
      readonly checkMode: boolean;
    }
  /** A batch came to its end; who of all hosts of the run is out, which is what the exit code tells of. */
  | { readonly kind: 'batch-finished'; readonly failed: readonly string[]; readonly unreachable: readonly string[] }
  | { readonly kind: 'no-hosts-matched'; readonly play: string }
  | { readonly kind: 'no-hosts-left' }
  | { readonly kind: 'task-started'; readonly task: TaskIdentity }
  | { readonly kind: 'host-started'; readonly task: TaskIdentity; readonly host: string }
  | {
      readonly kind: 'item-finished';
      readonly task: TaskIdentity;
      readonly host: string;
      readonly label: string;
      readonly item: HostResult;
      readonly address: Address;
    }
  | {
      readonly kind: 'host-finished';
      readonly outcome: HostResult;
      readonly loop: boolean;
      /** The recap counts it not (a meta task that its condition skips). */
      readonly uncounted?: true | undefined;
    }
  | {
      readonly kind: 'retrying';
      readonly task: TaskIdentity;
      readonly host: string;
      readonly retriesLeft: number;
      readonly result: JsonObject;
    }
  | {
      readonly kind: 'included';
      readonly task: TaskIdentity;
      readonly file: string;
      readonly hosts: readonly string[];
      readonly label?: string | undefined;
    }
  | {
      readonly kind: 'async-polled';
      readonly task: TaskIdentity;
      readonly host: string;
      readonly job: string;
      readonly phase: 'polled' | 'finished' | 'failed';
      readonly started: boolean;
    }
  | {
      readonly kind: 'output';
      readonly task: TaskIdentity;
      readonly host: string;
      readonly stream: 'out' | 'err';
      readonly text: string;
    }
  | { readonly kind: 'warned'; readonly message: string; readonly position?: Position | undefined }
  | {
      readonly kind: 'deprecated';
      readonly message: string;
      readonly position?: Position | undefined;
    }
  | { readonly kind: 'stats-set'; readonly host: string | undefined; readonly data: JsonObject }
  | { readonly kind: 'rescued'; readonly host: string; readonly task: TaskIdentity }
  | { readonly kind: 'noted'; readonly level: number; readonly host?: string; readonly message: string }
  | { readonly kind: 'run-finished'; readonly exitCode: number; readonly interrupted: boolean };

export type Emit = (event: Event) => void;

export type { Certainty, Status };
