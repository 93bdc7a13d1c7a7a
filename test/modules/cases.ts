// Cases of modules as tables: test/cases/NAME.yml says what the arguments are, what the host answers, and what has to
// come of it. Here they are read and run; no shell is needed for that.

import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { State } from '../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type ExecResult,
  isQuestion,
  type Module,
  type Observed,
  type Plan,
  type Question,
  type Resource,
  type Site,
  type StepResult,
  UNKNOWN,
} from '../../engine/module/contract.ts';
import type { AnyModule } from '../../engine/module/registry.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { argumentsOf, SITE } from './miniature.ts';

/** One record of `look`, as a case writes it. */
interface LookRecord {
  readonly key?: string;
  readonly path?: string;
  readonly type?: 'file' | 'directory' | 'link';
  readonly mode?: string;
  readonly owner?: string;
  readonly uid?: number;
  readonly group?: string;
  readonly gid?: number;
  readonly links?: number;
  readonly content?: string;
  readonly sha1?: string;
  readonly size?: number;
  readonly target?: string;
  /** `user`, `group` and `fact` records instead: name and value. */
  readonly user?: string;
  readonly group_name?: string;
  readonly fact?: string;
  readonly value?: string | number;
}

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly rc?: number;
  readonly look?: readonly LookRecord[];
}

export interface Case {
  readonly name: string;
  readonly args: JsonObject;
  /** Arguments that are files of the controller: `{path, content, mode}`. */
  readonly files?: Readonly<Record<string, { path: string; content: string; mode?: string; rest?: string }>>;
  readonly site?: Partial<Site>;
  readonly answers?: readonly Answer[];
  /** What the forecast lays over the answers; `absent` and `unknown` stand for themselves. */
  readonly foreseen?: Readonly<Record<string, Json>>;
  /** Text that the questions contain. */
  readonly asks?: readonly string[];
  readonly converged?: true;
  /** Changes of all actions: of, before, after (those keys that are named). */
  readonly changes?: readonly JsonObject[];
  /** Text that the scripts of the steps contain, in this order. */
  readonly runs?: readonly string[];
  /** Files written: `put`, `content`, and fields of the step. */
  readonly puts?: readonly JsonObject[];
  readonly effects?: readonly JsonObject[];
  readonly opaque?: 'changes' | 'observes';
  readonly data?: JsonObject;
  readonly pending?: JsonObject;
  readonly diffs?: readonly JsonObject[];
  readonly warnings?: readonly string[];
  readonly skipped?: string;
  /** What the steps gave, for `concluded` (more data) and `fails` (what conclude throws). */
  readonly outputs?: readonly (Answer & { readonly data?: JsonObject })[];
  readonly concluded?: JsonObject;
  /** Text of the failure, from the question, the plan or its conclusion. */
  readonly fails?: string;
}

/** The cases of a module; none when there is no table. */
export function casesOf(name: string): readonly Case[] {
  const folder = new URL('../cases/', import.meta.url);
  if (!readdirSync(folder).includes(`${name}.yml`)) return [];
  return (parse(readFileSync(new URL(`${name}.yml`, folder), 'utf8')) as Case[] | null) ?? [];
}

/** Names of all tables. */
export function tables(): string[] {
  return readdirSync(new URL('../cases/', import.meta.url))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -4));
}

export interface Played {
  readonly plan: Plan;
  readonly questions: readonly Question[];
  readonly concluded: JsonObject | Plan | undefined;
}

/** Plays a case: asks, answers, plans, concludes. Throws what the module throws. */
export function play(module: AnyModule, wanted: Case, onQuestion: (question: Question) => void = () => {}): Played {
  const site: Site = { ...SITE, diff: false, ...wanted.site };
  const files = Object.fromEntries(
    Object.entries(wanted.files ?? {}).map(([name, { content, mode = '0644', ...rest }]) => [
      name,
      { type: 'file', mode, ...rest, ...sourceOf(content) } as never,
    ]),
  );
  const args = argumentsOf(module, { ...wanted.args, ...files }) as never;
  const questions: Question[] = [];
  let seen: Observed = new Map();
  let next: Plan | Question = (module as Module).inspect(args, site);
  for (let count = 0; isQuestion(next); count++) {
    questions.push(next);
    onQuestion(next);
    if (next.script !== '') {
      const answer = wanted.answers?.[count];
      if (answer === undefined) throw new Error(`the case has no answer to question ${count + 1}`);
      seen = new Map([...seen, ...overlaid(next.read(resultOf(answer)), wanted.foreseen)]);
    }
    next = (module as Module).plan(args, seen, site);
  }
  const concluded = wanted.outputs === undefined ? undefined : next.conclude?.(wanted.outputs.map(stepResultOf));
  return { plan: next, questions, concluded };
}

function overlaid(seen: Observed, foreseen: Case['foreseen']): Observed {
  const laid = new Map<Resource, State>(seen);
  for (const [resource, state] of Object.entries(foreseen ?? {})) {
    if (!laid.has(resource as Resource)) continue;
    laid.set(resource as Resource, state === 'absent' ? ABSENT : state === 'unknown' ? UNKNOWN : state);
  }
  return laid;
}

function resultOf(answer: Answer): ExecResult {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const stdout = answer.look === undefined ? (answer.stdout ?? '') : answer.look.map(recordOf).join('');
  return { rc: answer.rc ?? 0, stdout: bytes(stdout), stderr: bytes(answer.stderr ?? '') };
}

function stepResultOf(answer: Answer & { readonly data?: JsonObject }): StepResult {
  return {
    ...resultOf(answer),
    started: '2026-01-02T03:04:05.000006',
    ended: '2026-01-02T03:04:06.500006',
    data: answer.data ?? {},
  };
}

const KINDS = { file: 0x8000, directory: 0x4000, link: 0xa000 };

/** A record in the form in which `look` prints it. */
function recordOf(record: LookRecord): string {
  const fields = (...texts: (string | number)[]): string => texts.map((text) => `${text}\0`).join('');
  if (record.user !== undefined) return fields('user', record.user, record.value ?? '');
  if (record.group_name !== undefined) return fields('group', record.group_name, record.value ?? '');
  if (record.fact !== undefined) return fields('fact', record.fact, record.value ?? '');
  const { key = 'path', path = '/f', type, content } = record;
  if (type === undefined) return fields(key, path, '', '', '', '', '-');
  const word = (KINDS[type] | Number.parseInt(record.mode ?? '0644', 8)).toString(16);
  const size = record.size ?? new TextEncoder().encode(content ?? '').length;
  const numbers = `${word} ${record.uid ?? 0} ${record.gid ?? 0} ${size} ${record.links ?? 1} 7 65024 1.5 2.5 3.5`;
  const state = `${numbers}|${record.owner ?? 'root'}|${record.group ?? 'root'}`;
  const sha1 = record.sha1 ?? (content === undefined ? '' : sourceOf(content).sha1);
  const length = content === undefined ? '-' : new TextEncoder().encode(content).length;
  return `${fields(key, path, '', state, record.target ?? '', sha1, length)}${content ?? ''}`;
}
