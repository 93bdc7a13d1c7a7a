// Adjacent steps go to the host in one trip: one script that runs them one after another, each in a subshell of its own,
// as long as they succeed, and marks in both streams where each of them ends.

import type { Action, ExecResult, Library, Source, Step } from '../module/contract.ts';
import { raw, type Script, sh } from '../module/sh.ts';
import { type Put, putScript } from './put.ts';

type Run = Extract<Step, { run: Script }>;

/** Content of files that goes along in a script, all together, in bytes. */
const CARRIED = 128 * 1024;
/** One file's, in bytes: a word that every `printf` takes. */
const FILE_CARRIED = 64 * 1024;

/** A script for several steps. */
export interface Trip {
  readonly script: Script;
  readonly uses: readonly Library[];
}

/** The actions in the groups that travel together. What cannot be joined travels alone. */
export function tripsOf(actions: readonly Action[]): readonly (readonly Action[])[] {
  const trips: Action[][] = [];
  let room = -1;
  for (const [index, action] of actions.entries()) {
    const size = endsLink(actions, index) ? undefined : sizeOf(action.step);
    if (size !== undefined && size <= room) trips.at(-1)!.push(action);
    else {
      trips.push([action]);
      room = size === undefined ? -1 : CARRIED;
    }
    room -= size ?? 0;
  }
  return trips;
}

/** A script that ends the link (reboot) is followed by a reconnect: then its silence is its answer. */
export function endsLink(actions: readonly Action[], index: number): boolean {
  const next = actions[index + 1]?.step;
  return next !== undefined && 'effect' in next && next.effect.kind === 'reconnect';
}

/** What a step adds to a script's load, in bytes; undefined where it cannot be joined with others. */
function sizeOf(step: Step): number | undefined {
  if ('effect' in step) return undefined;
  if ('put' in step) return textOf(step.bytes) === undefined ? undefined : step.bytes.size;
  const alone = step.foreground || step.onOutput || step.stdin !== undefined || step.scratch !== undefined;
  return alone ? undefined : 0;
}

function textOf(source: Source): string | undefined {
  if (source.bytes === undefined || source.size > FILE_CARRIED) return undefined;
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(source.bytes);
  return text.includes('\0') || text.includes('\uFFFD') ? undefined : text;
}

/** One script for steps that can be joined. The mark is text that nothing on the host prints. */
export function joined(steps: readonly Step[], mark: string): Trip {
  const parts = steps.map((step) => {
    const carrier = 'put' in step ? sh`printf %s ${textOf((step as Put).bytes)!} | ` : '';
    const goesOn = 'run' in step && step.tolerate ? '' : '[ "$_t_r" = 0 ] || exit 0';
    return sh`${raw(carrier)}( :
${raw(scriptOf(step))}
)${raw(carrier === '' ? ' </dev/null' : '')}
_t_r=$?; printf '%s %s\n' ${mark} "$_t_r"; printf '%s\n' ${mark} >&2
${raw(goesOn)}`;
  });
  const libraries = steps.flatMap((step) => ('run' in step ? (step.uses ?? []) : []));
  return { script: parts.join('\n') as Script, uses: [...new Set(libraries)] };
}

function scriptOf(step: Step): Script {
  if ('put' in step) return putScript(step);
  const { run, umask } = step as Run;
  return umask === undefined ? run : sh`umask ${umask}; ${raw(run)}`;
}

/**
 * The answers of the steps that ran. Fewer than there were steps when one failed (it is the last), or when the script was
 * cut short (then what came after the last mark is nobody's).
 */
export function parted(answer: ExecResult, mark: string): readonly ExecResult[] {
  const errors = split(answer.stderr, `${mark}\n`);
  const answers: ExecResult[] = [];
  let rest = Buffer.from(answer.stdout);
  for (;;) {
    const at = rest.indexOf(`${mark} `);
    const end = at < 0 ? -1 : rest.indexOf('\n', at);
    if (end < 0) return answers;
    const rc = Number(rest.subarray(at + mark.length + 1, end).toString());
    answers.push({ rc, stdout: rest.subarray(0, at), stderr: errors[answers.length] ?? new Uint8Array() });
    rest = rest.subarray(end + 1);
  }
}

function split(bytes: Uint8Array, by: string): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let rest = Buffer.from(bytes);
  for (let at = rest.indexOf(by); at >= 0; at = rest.indexOf(by)) {
    parts.push(rest.subarray(0, at));
    rest = rest.subarray(at + Buffer.byteLength(by));
  }
  return [...parts, rest];
}
