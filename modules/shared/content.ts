// Writing a file's content: the plan that copy, template, lineinfile and their kin share, from what the file is to what it
// should be, with the difference to show and the state that a later task will see.

import type { Json, JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type Action,
  type Diff,
  ModuleFailure,
  type Observed,
  type Plan,
  type Source,
} from '../../engine/module/contract.ts';
import { raw, type Script, sh } from '../../engine/module/sh.ts';
import { type AttributePlan, type FileArgs, newState, planAttributes } from './attributes.ts';
import { decode } from './bytes.ts';
import { asJson, type FileState, fileAt, register } from './look.ts';

/** Bytes of content that a difference shows; Ansible's max_diff_size. */
export const SHOWN = 104_448;
/** Bytes of content that a change carries for later tasks. */
const CARRIED = 256 * 1024;

/** A file to be written. */
export interface Writing {
  /** Absolute. */
  readonly at: string;
  readonly before: FileState | undefined;
  readonly parent: FileState | undefined;
  readonly bytes: Source;
  readonly args: FileArgs & { readonly unsafe_writes?: boolean };
  readonly seen: Observed;
  readonly backup?: boolean;
  readonly validate?: string | undefined;
  /** Compare with what was inspected before replacing it. False where the old content was never read. */
  readonly guarded?: boolean;
}

export interface Written {
  readonly actions: readonly Action[];
  readonly state: FileState;
}

/** The actions that give a file new content (and its attributes with it). Throws ModuleFailure. */
export function planWriting(writing: Writing): Written {
  const { at, before, bytes, seen, args } = writing;
  checkValidate(writing.validate);
  const base = before?.type === 'file' ? before : newState('file', seen, writing.parent);
  const attributes = planAttributes(args, at, base, seen);
  const state: FileState = { ...attributes.state, type: 'file', size: bytes.size, sha1: bytes.sha1, ...carried(bytes) };
  const guarded = writing.guarded ?? true;
  const expect = before === undefined ? null : before.type === 'file' ? before.sha1 : undefined;
  const put: Action = {
    changes: [{ of: fileAt(at), before: before === undefined ? ABSENT : asJson(before), after: asJson(state) }],
    step: {
      put: at,
      bytes,
      ...attributes.put,
      ...(writing.validate === undefined ? {} : { validate: writing.validate }),
      ...(writing.backup && before !== undefined ? { backup: true } : {}),
      ...(guarded && expect !== undefined ? { expect } : {}),
      ...(args.unsafe_writes ? { unsafe: true } : {}),
    },
  };
  return { actions: [put, ...restOf(attributes, at)], state };
}

function restOf(attributes: AttributePlan, at: string): Action[] {
  if (attributes.rest === '') return [];
  return [
    {
      changes: [{ of: fileAt(at), before: attributes.before, after: attributes.after }],
      step: { run: attributes.rest, failure: `could not set the attributes of ${at}` },
    },
  ];
}

function carried(bytes: Source): { content?: string } {
  return bytes.bytes !== undefined && bytes.size <= CARRIED ? { content: decode(bytes.bytes) } : {};
}

/** Throws ModuleFailure, as Ansible does, when the command does not say where the file goes. */
export function checkValidate(validate: string | undefined): void {
  if (validate !== undefined && !validate.includes('%s')) {
    throw new ModuleFailure(`validate must contain %s: ${validate}`);
  }
}

/** The plan that changes nothing but attributes of an existing file; no actions when they fit. */
export function planAttributesOnly(
  args: FileArgs,
  file: { readonly path: string; readonly at: string; readonly state: FileState },
  seen: Observed,
  data: JsonObject = {},
): Plan {
  const attributes = planAttributes(args, file.at, file.state, seen);
  const diffs = attributeDiff(attributes, file.path);
  const now = { ...data, ...register(file.state) };
  if (!attributes.differs) return { kind: 'plan', actions: [], data: now, diffs };
  return {
    kind: 'plan',
    actions: [attributesAction(attributes, file.at, file.state)],
    data: now,
    conclude: () => ({ ...data, ...register(attributes.state) }),
    diffs,
  };
}

/** The action that sets attributes of a file that is there. */
export function attributesAction(attributes: AttributePlan, at: string, before: FileState): Action {
  return {
    changes: [{ of: fileAt(at), before: asJson(before), after: asJson(attributes.state) }],
    step: { run: sh`${raw(attributes.script)}` as Script, failure: `could not set the attributes of ${at}` },
  };
}

/** The difference of attributes as Ansible's file module shows it. */
export function attributeDiff(
  attributes: Pick<AttributePlan, 'before' | 'after'>,
  path: string,
  also: { readonly before?: JsonObject; readonly after?: JsonObject } = {},
): Diff {
  return {
    before: { ...attributes.before, ...also.before, path },
    after: { ...attributes.after, ...also.after, path },
  };
}

/** The difference of content as Ansible shows it; `header` is what the new text came from. */
export function contentDiff(path: string, before: FileState | undefined, bytes: Source, header: string = path): Diff {
  if (bytes.size > SHOWN || bytes.bytes === undefined) return { skipped: { larger: SHOWN } };
  if (bytes.bytes.includes(0)) return { ...(before === undefined ? { before: '' } : {}), skipped: 'src_binary' };
  const after: { after: Json; afterHeader: string } = { after: decode(bytes.bytes), afterHeader: header };
  if (before === undefined) return { before: '', ...after };
  if (before.content === undefined) {
    return before.type === 'file'
      ? { ...after, beforeHeader: path, skipped: { larger: SHOWN } }
      : { before: '', ...after };
  }
  if (before.content.includes('\0')) return { ...after, skipped: 'dst_binary' };
  return { before: before.content, beforeHeader: path, ...after };
}
