// Running what the user wrote: command, shell, raw and script differ in how the line reaches the host, and share when it
// runs (creates, removes), what is registered and what counts as failure.

import type { State } from '../../engine/model/resource.ts';
import type { JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type Change,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Resource,
  type StepResult,
  UNKNOWN,
} from '../../engine/module/contract.ts';
import type { Schema } from '../../engine/module/schema.ts';
import { NOTHING, raw, type Script, sh } from '../../engine/module/sh.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { outputText } from './bytes.ts';
import { fileAt } from './look.ts';
import { normalize, pathWord } from './path.ts';

export const CONDITIONS = {
  chdir: { type: 'path', doc: 'Folder to change to first.' },
  creates: { type: 'path', doc: 'A file or pattern; when something like it is there, the command does not run.' },
  removes: { type: 'path', doc: 'A file or pattern; when nothing like it is there, the command does not run.' },
} as const satisfies Schema;

export interface Conditions {
  readonly chdir?: string | undefined;
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
}

/** Asks whether the command is to run: nothing when it is whatever is there. */
export function askConditions(args: Conditions): Question {
  if (args.creates === undefined && args.removes === undefined) {
    return { kind: 'question', script: NOTHING, read: () => new Map() };
  }
  return {
    kind: 'question',
    script: sh`${enter(args.chdir, 'exit 9')}
there() { for f; do if [ -e "$f" ] || [ -L "$f" ]; then printf 1; return; fi; done; printf 0; }
${raw(args.creates === undefined ? 'printf -' : `there ${pattern(args.creates)}`)}
${raw(args.removes === undefined ? 'printf -' : `there ${pattern(args.removes)}`)}`,
    read(answer): Observed {
      if (answer.rc === 9) return new Map<Resource, State>([[folder(args.chdir), ABSENT]]);
      const told = outputText(answer.stdout);
      if (answer.rc !== 0 || !/^[01-]{2}$/.test(told)) {
        throw new ModuleFailure(
          `The host cannot say whether creates or removes is there: ${outputText(answer.stderr).trim()}`,
        );
      }
      const seen: [Resource, State][] = [];
      if (args.creates !== undefined) seen.push([condition(args, args.creates), told[0] === '1' ? {} : ABSENT]);
      if (args.removes !== undefined) seen.push([condition(args, args.removes), told[1] === '1' ? {} : ABSENT]);
      return new Map(seen);
    },
  };
}

/** The line that changes the folder, or nothing. */
export function enter(chdir: string | undefined, otherwise: string): ReturnType<typeof raw> {
  return raw(chdir === undefined ? '' : sh`cd ${pathWord(chdir)} 2>/dev/null || ${raw(otherwise)}`);
}

function folder(chdir: string | undefined): Resource {
  return fileAt(chdir ?? '/');
}

/** The resource of a condition: exact where the path is absolute, else by its spelling. */
function condition(args: Conditions, path: string): Resource {
  return path.startsWith('/') || args.chdir === undefined ? fileAt(path) : fileAt(normalize(`${args.chdir}/${path}`));
}

/** A path in which the characters of patterns keep their meaning. */
function pattern(path: string): string {
  if (!/[*?[]/.test(path)) return sh`${pathWord(path)}`;
  return path
    .split(/([*?]|\[[^\]]+\])/)
    .map((part, index) =>
      part === ''
        ? ''
        : index % 2 === 1
          ? part.replace(/[^\w*?[\]!^-]/g, (c) => `\\${c}`)
          : index === 0
            ? sh`${pathWord(part)}`
            : sh`${part}`,
    )
    .join('');
}

/** Why the command is not to run, and the changes that its conditions foretell. */
export interface Verdict {
  readonly skip?: {
    readonly stdout: string;
    readonly msg: string;
    readonly pendingMsg: string;
    readonly short: string;
    readonly quoted: string;
  };
  readonly changes: readonly Change[];
}

/** Judges creates and removes. Throws ModuleFailure when the folder to change to is not there. */
export function judgeConditions(args: Conditions, seen: Observed, data: JsonObject): Verdict {
  if (args.chdir !== undefined && seen.get(folder(args.chdir)) === ABSENT) throw noFolder(args.chdir, data);
  const changes: Change[] = [];
  if (args.creates !== undefined) {
    const of = condition(args, args.creates);
    const state = seen.get(of);
    if (state !== ABSENT && state !== UNKNOWN && state !== undefined)
      return { skip: reason(args.creates, 'exists', 'creates'), changes };
    changes.push({ of, before: ABSENT, after: {} });
  }
  if (args.removes !== undefined) {
    const of = condition(args, args.removes);
    const state = seen.get(of);
    if (state === ABSENT) return { skip: reason(args.removes, 'does not exist', 'removes'), changes };
    if (args.creates === undefined) changes.push({ of, before: {}, after: ABSENT });
  }
  return { changes };
}

function reason(path: string, state: string, option: string): NonNullable<Verdict['skip']> {
  return {
    stdout: `skipped, since ${path} ${state}`,
    msg: `Did not run command since '${path}' ${state}`,
    pendingMsg: `Would not run command since '${path}' ${state}`,
    short: `${path} ${state}, matching ${option} option`,
    quoted: `skipped, since '${path}' ${state}`,
  };
}

/** Exit code and mark by which a script of ours tells that the command itself never started. */
export const NOT_STARTED = 127;

export function noFolder(chdir: string, data: JsonObject): ModuleFailure {
  return new ModuleFailure('Unable to change directory before execution.', {
    ...data,
    rc: null,
    stdout: '',
    stderr: '',
    start: null,
    end: null,
    delta: null,
    chdir,
  });
}

/** `start`, `end` and `delta` as Ansible prints times. */
export function times(output: StepResult): { start: string; end: string; delta: string } {
  return {
    start: moment(output.started),
    end: moment(output.ended),
    delta: span(microseconds(output.started, output.ended)),
  };
}

function moment(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(iso);
  if (match === null) return iso;
  return `${match[1]} ${match[2]}.${(match[3] ?? '').padEnd(6, '0').slice(0, 6)}`;
}

function microseconds(from: string, to: string): number {
  const fraction = (iso: string): number => Number((/\.(\d+)/.exec(iso)?.[1] ?? '').padEnd(6, '0').slice(0, 6));
  const whole = (iso: string): number => Date.parse(iso.replace(/\.\d+/, ''));
  return (whole(to) - whole(from)) * 1000 + fraction(to) - fraction(from);
}

function span(total: number): string {
  const seconds = Math.floor(total / 1e6);
  const days = Math.floor(seconds / 86_400);
  const clock = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${clock}.${String(total % 1e6).padStart(6, '0')}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** What a line that ran gave. Throws ModuleFailure for a non-zero rc. */
export function concludeRun(output: StepResult, data: JsonObject, strip: boolean, timed: boolean): JsonObject {
  const trim = (bytes: Uint8Array): string => (strip ? outputText(bytes).replace(/[\r\n]+$/, '') : outputText(bytes));
  const result: JsonObject = {
    ...data,
    rc: output.rc,
    stdout: trim(output.stdout),
    stderr: trim(output.stderr),
    ...(timed ? times(output) : {}),
  };
  if (output.rc !== 0) throw new ModuleFailure('non-zero return code', { ...result, changed: true });
  return timed ? { ...result, msg: '' } : result;
}

/** What Ansible registers for a command that a dry run skips. */
export const NOT_RUN: JsonObject = {
  rc: 0,
  stdout: '',
  stderr: '',
  start: null,
  end: null,
  delta: null,
  msg: 'Command would have run if not in check mode',
};

/** The plan for a line that runs, or for one whose conditions say no. */
export function planLine(line: {
  readonly verdict: Verdict;
  readonly data: JsonObject;
  readonly script: Script;
  readonly stdin?: string | undefined;
  readonly warnings?: readonly string[];
  conclude(output: StepResult): JsonObject;
}): Plan {
  const { skip, changes } = line.verdict;
  const warnings = line.warnings === undefined || line.warnings.length === 0 ? {} : { warnings: line.warnings };
  if (skip !== undefined) {
    return {
      kind: 'plan',
      actions: [],
      data: { ...line.data, ...NOT_RUN, stdout: skip.stdout, msg: skip.msg },
      pending: { msg: skip.pendingMsg },
      ...warnings,
    };
  }
  return {
    kind: 'plan',
    actions: [
      {
        changes,
        opaque: 'changes',
        step: {
          run: line.script,
          tolerate: true,
          foreground: true,
          onOutput: true,
          ...(line.stdin === undefined ? {} : { stdin: sourceOf(line.stdin) }),
        },
      },
    ],
    data: line.data,
    pending: NOT_RUN,
    conclude: (outputs) => line.conclude(outputs[0]!),
    ...warnings,
  };
}
