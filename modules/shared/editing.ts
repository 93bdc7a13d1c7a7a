// Editing a text file of the host: lineinfile, properties_file and their kin read it, change the text in pure code, and
// write it back. What they share is everything but the change itself.

import type { JsonObject } from '../../engine/model/value.ts';
import {
  type Action,
  type Diff,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
} from '../../engine/module/contract.ts';
import type { Schema } from '../../engine/module/schema.ts';
import { lines, raw, type Script, sh } from '../../engine/module/sh.ts';
import { sourceOf } from '../../engine/module/source.ts';
import {
  type AttributePlan,
  askAttributes,
  FILE_ARGS,
  type FileArgs,
  newState,
  planAttributes,
  WHOAMI,
} from './attributes.ts';
import { encode } from './bytes.ts';
import { attributesAction, planWriting, SHOWN } from './content.ts';
import { askAncestors, makeFolders, missingFolders } from './folders.ts';
import { type FileState, glanceAt, LOOK, mustSee, readLook, seenAt } from './look.ts';
import { pathWord } from './path.ts';

/** Text files beyond this are refused rather than edited in memory. */
const LIMIT = 64 * 1024 * 1024;

/** The arguments of Ansible's modules that edit a file. */
export const EDIT_ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'destfile', 'name'], doc: 'The file.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one.' },
  validate: { type: 'str', doc: 'Command that judges the new file, named %s in it, before it takes its place.' },
  ...FILE_ARGS,
} as const satisfies Schema;

export interface EditArgs extends FileArgs {
  readonly path: string;
  readonly unsafe_writes: boolean;
  readonly backup: boolean;
  readonly validate?: string | undefined;
}

/** Asks for the file's content and state, behind links. */
export function askEdited(args: EditArgs): Question {
  const script: Script = lines(
    sh`f=${pathWord(args.path)}`,
    glanceAt('"$f"', { key: 'path', sha1: true, content: LIMIT, behind: true }),
    sh`if ! [ -f "$f" ]; then ${raw(WHOAMI)}
${raw(askAncestors('up', '"$f"'))}; fi`,
    askAttributes(args, raw('"$f"')),
  );
  return { kind: 'question', script, uses: [LOOK], read: readLook };
}

/** The file that is edited. */
export interface Edited {
  /** As results name it. */
  readonly path: string;
  /** Where it really is: behind links. */
  readonly at: string;
  readonly state: FileState | undefined;
  readonly unknown: boolean;
  /** Its text; '' when it is not there. */
  readonly text: string;
}

/** The file as it is. Throws ModuleFailure when it cannot be edited. */
export function editedFile(seen: Observed): Edited {
  const given = mustSee(seen, 'path');
  const behind = given.state?.type === 'link' ? seenAt(seen, 'path>') : undefined;
  const { at, state, unknown } = behind ?? given;
  if (state?.type === 'directory') throw new ModuleFailure(`Path ${given.path} is a directory !`, { rc: 256 });
  const text = state === undefined || state.type === 'link' ? '' : state.content;
  if (text === undefined) {
    // The host gives a digest with whatever it can read, and the mode's word of all; a forecast may know neither.
    const isTold = state?.word !== undefined && (state.sha1 === undefined || (state.size ?? 0) > LIMIT);
    if (!isTold) return { path: given.path, at, state, unknown: true, text: '' };
    throw new ModuleFailure(
      (state.size ?? 0) > LIMIT
        ? `${given.path} has more than ${LIMIT} bytes and is not edited`
        : `${given.path} cannot be read on the host`,
    );
  }
  return { path: given.path, at, state: state?.type === 'link' ? undefined : state, unknown, text };
}

/** Throws ModuleFailure, with Ansible's words, when there is no file. */
export function mustBeThere(file: Edited, called = 'Path'): Edited {
  if (file.state === undefined && !file.unknown) {
    throw new ModuleFailure(`${called} ${file.path} does not exist !`, { rc: 257 });
  }
  return file;
}

export interface EditPlan {
  readonly actions: readonly Action[];
  readonly attributes: AttributePlan;
  readonly contentChanged: boolean;
}

/** Plans the new text and the attributes; no actions when nothing differs. Throws ModuleFailure. */
export function planEdit(file: Edited, text: string, args: EditArgs, seen: Observed): EditPlan {
  const contentChanged = file.state === undefined ? true : text !== file.text || file.state.content === undefined;
  const base = file.state?.mode === undefined ? newState('file', seen, undefined) : file.state;
  const attributes = planAttributes(args, file.at, base, seen);
  if (!contentChanged) {
    const actions = attributes.differs ? [attributesAction(attributes, file.at, base)] : [];
    return { actions, attributes, contentChanged };
  }
  const { missing, ground } =
    file.state === undefined ? missingFolders(seen, 'up') : { missing: [], ground: undefined };
  const folders = makeFolders(missing, {}, seen, ground);
  const written = planWriting({
    at: file.at,
    before: file.state,
    parent: missing.length > 0 ? undefined : ground,
    bytes: sourceOf(encode(text)),
    args,
    seen,
    backup: args.backup,
    validate: args.validate,
    guarded: !file.unknown,
  });
  return {
    actions: [...(folders === undefined ? [] : [folders]), ...written.actions],
    attributes,
    contentChanged,
  };
}

/** The two differences that Ansible's text-editing modules show: of content, and of attributes. */
export function editDiffs(file: Edited, text: string, attributes: AttributePlan): Diff[] {
  const content = `${file.path} (content)`;
  const about = `${file.path} (file attributes)`;
  const shown = file.text.length <= SHOWN && text.length <= SHOWN;
  return [
    {
      ...(shown ? { before: file.text, after: text } : { skipped: { larger: SHOWN } }),
      beforeHeader: content,
      afterHeader: content,
    },
    {
      ...(attributes.differs ? { before: attributes.before, after: attributes.after } : {}),
      beforeHeader: about,
      afterHeader: about,
    },
  ];
}

/** The plan of a module that edits: `msg` names what was done to the text. */
export function planEdited(
  file: Edited,
  edit: { readonly text: string; readonly msg: string; readonly data?: JsonObject },
  args: EditArgs,
  seen: Observed,
  showsDiff: boolean,
): Plan {
  const planned = planEdit(file, edit.text, args, seen);
  const msg = [edit.msg, planned.attributes.differs ? 'ownership, perms or SE linux context changed' : '']
    .filter((part) => part !== '')
    .join(' and ');
  const data = { ...edit.data, msg };
  return {
    kind: 'plan',
    actions: planned.actions,
    data,
    ...(showsDiff ? { diffs: editDiffs(file, edit.text, planned.attributes) } : {}),
  };
}
