// Resources: the vocabulary in which modules say what they saw and what they would change, and in which the forecast
// carries changes that were not applied to later tasks. The kind is the part before the colon.

import type { Json } from './value.ts';

/** `file:/etc/hosts`, `package:nginx`, `unit:nginx.service`, `user:www`, `group:adm`, `database:mysql/zstack` ... */
export type Resource = `${string}:${string}`;

/** The resource is not there. */
export class AbsentMark {
  readonly absent = true;
  toJSON(): null {
    return null;
  }
}
export const ABSENT = new AbsentMark();
export type Absent = AbsentMark;

/** It cannot be known whether it is there, or what it is like. */
export class UnknownMark {
  readonly unknown = true;
  toJSON(): null {
    return null;
  }
}
export const UNKNOWN = new UnknownMark();
export type Unknown = UnknownMark;

export type State = Json | Absent | Unknown;

/** What is there, by resource, as a question's answer tells it. */
export type Observed = ReadonlyMap<Resource, State>;

/** One change of one resource. */
export interface Change {
  readonly of: Resource;
  readonly before: Json | Absent;
  /** With Json objects a later look sees `{...before, ...after}`. */
  readonly after: Json | Absent;
  /** What the change is known or likely to bring along (a package: its units, users, files); used by the forecast. */
  readonly brings?: readonly Bring[];
}

/** A resource that a change brings along. */
export interface Bring {
  /** One resource, or all of a kind (`unit:*`). */
  readonly of: Resource;
  /** Its state once it is there. */
  readonly as: Json;
  /** True when it is known that it comes (the package's file list names it), false when it only may. */
  readonly sure: boolean;
}

/** A difference to show with --diff, as Ansible's `diff` result has it. */
export interface Diff {
  readonly before?: Json;
  readonly after?: Json;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  /** Text that is a diff already. */
  readonly prepared?: string;
  /** Why there is no text to compare: `binary` or a size limit in bytes. */
  readonly skipped?: 'dst_binary' | 'src_binary' | { readonly larger: number };
}

/** What a module shows: some register one difference as a dict, others a list of them, each as Ansible's module does. */
export type Diffs = Diff | readonly Diff[];
