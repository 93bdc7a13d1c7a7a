// What became of one task on one host (or of one item of its loop).

import type { Position } from './position.ts';
import type { Change, Diffs } from './resource.ts';
import type { JsonObject } from './value.ts';

/** How far the outcome is known: `certain`; `foreseen`, resting on what an unapplied change would bring; `unknown`. */
export type Certainty = 'certain' | 'foreseen' | 'unknown';

export interface Failure {
  readonly message: string;
  readonly position?: Position | undefined;
  readonly hint?: string | undefined;
  /** What led there, outermost first. */
  readonly trail?: readonly { readonly text: string; readonly position?: Position | undefined }[];
  /** True for a fault of troupe itself. */
  readonly bug?: boolean;
}

interface Shared {
  /** For `register`: the module's own keys, without those that `asRegistered` adds. */
  readonly data: JsonObject;
  readonly certainty: Certainty;
  /** The task or resource that a foreseen outcome rests on. */
  readonly restsOn?: string | undefined;
  readonly warnings?: readonly string[];
  readonly diffs?: Diffs;
  /** Shown in full at any verbosity. */
  readonly verboseAlways?: boolean;
  /** Round trips to the host that it took. */
  readonly trips?: number;
}

export type TaskResult = Shared &
  (
    | { readonly status: 'ok' }
    | { readonly status: 'changed'; readonly changes: readonly Change[]; readonly applied: boolean }
    | {
        readonly status: 'skipped';
        readonly reason: string;
        /** In check mode: what a real run of this skipped task is expected to report. */
        readonly foretold?: 'ok' | 'changed' | undefined;
      }
    | {
        readonly status: 'failed';
        readonly failure: Failure;
        readonly changes: readonly Change[];
        readonly ignored: boolean;
      }
    | {
        readonly status: 'unreachable';
        readonly failure: Failure;
        readonly changes: readonly Change[];
        readonly unanswered?: string | undefined;
        readonly ignored: boolean;
      }
  );

export type Status = TaskResult['status'];
