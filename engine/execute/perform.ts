// The only place that changes a host: it applies the actions of a plan, in order, and tells truthfully which of them
// were made when one of them fails.

import { randomBytes } from 'node:crypto';
import { ConnectionError, ModuleFailure } from '../model/errors.ts';
import type { Change } from '../model/resource.ts';
import type { JsonObject } from '../model/value.ts';
import type { Action, ExecResult, Plan, Step, StepResult } from '../module/contract.ts';
import { carryOut } from './effects.ts';
import { putScript, readPut } from './put.ts';
import type { Target } from './target.ts';
import { endsLink, joined, parted, tripsOf } from './trip.ts';

type ExecAnswer = ExecResult & { readonly timedOut?: boolean };

export interface Performed {
  readonly changed: boolean;
  readonly changes: readonly Change[];
  readonly data: JsonObject;
}

/** What was made before the fault, carried to the one place that turns errors into results. */
export class PartlyDone extends Error {
  readonly changes: readonly Change[];
  constructor(cause: unknown, changes: readonly Change[]) {
    super('failed after some changes', { cause });
    this.changes = changes;
  }
}

export interface Performance {
  readonly signal: AbortSignal;
  onOutput?(chunk: Uint8Array, stream: 'out' | 'err'): void;
}

/** How many stages a plan may have: a bound for modules that never conclude. */
const STAGES = 16;

/** Applies a plan with all its stages. Throws PartlyDone, whose cause is ModuleFailure or ConnectionError. */
export async function perform(plan: Plan, target: Target, how: Performance): Promise<Performed> {
  const changes: Change[] = [];
  let changed = false;
  let data: JsonObject = {};
  let stage: Plan | undefined = plan;
  for (let count = 0; stage !== undefined; count++) {
    if (count === STAGES) throw new PartlyDone(new ModuleFailure('the module does not come to an end'), changes);
    const done = await performStage(stage, target, how, changes);
    changed ||= done.changed;
    data = { ...data, ...done.data };
    stage = done.next;
  }
  return { changed, changes, data };
}

/** One stage's actions, and what is concluded from them. Adds the changes that were made to `changes`. Throws PartlyDone. */
export async function performStage(
  plan: Plan,
  target: Target,
  how: Performance,
  changes: Change[],
): Promise<Omit<Performed, 'changes'> & { readonly next: Plan | undefined }> {
  let changed = false;
  let data: JsonObject = plan.data ?? {};
  try {
    const outputs: StepResult[] = [];
    for (const together of tripsOf(plan.actions)) {
      const given = await travel(together, target, how, endsLink(plan.actions, outputs.length));
      for (const [index, output] of given.entries()) {
        const action = together[index]!;
        const done = judged(action.step, output);
        outputs.push(done);
        if (counts(action, done)) {
          changed = true;
          changes.push(...action.changes);
        }
        if (typeof done.data['backup_file'] === 'string') data = { ...data, backup_file: done.data['backup_file'] };
      }
    }
    const concluded: JsonObject | Plan | undefined = plan.conclude?.(outputs);
    if (isPlan(concluded)) return { changed, data, next: concluded };
    return { changed, data: { ...data, ...concluded }, next: undefined };
  } catch (error) {
    throw new PartlyDone(error, changes);
  }
}

function isPlan(concluded: JsonObject | Plan | undefined): concluded is Plan {
  return concluded !== undefined && concluded['kind'] === 'plan' && 'actions' in concluded;
}

/** Was it a change, by what it gave? */
export function counts(action: Action, output: StepResult): boolean {
  if (action.changedBy !== undefined) return action.changedBy(output);
  return action.changes.length > 0 || action.opaque === 'changes';
}

/** Carries out what travels together. Fewer outputs than actions come back when one failed: it is the last. */
async function travel(
  together: readonly Action[],
  target: Target,
  how: Performance,
  lossExpected: boolean,
): Promise<readonly StepResult[]> {
  const started = new Date().toISOString();
  const result = (
    part: Omit<StepResult, 'started' | 'ended' | 'data'> & { readonly data?: JsonObject },
  ): StepResult => ({
    data: {},
    ...part,
    started,
    ended: new Date().toISOString(),
  });
  const steps = together.map((action) => action.step);
  const [step] = steps;
  if (steps.length > 1) return (await joinedAnswers(steps, target)).map(result);
  if (step === undefined) return [];
  if ('effect' in step) return [result(await carryOut(step.effect, target, how.signal))];
  if ('put' in step) return [result(await target.run(putScript(step), { stdin: step.bytes }))];
  try {
    const { run, uses, scratch, stdin, foreground, umask } = step;
    const onOutput = step.onOutput ? how.onOutput : undefined;
    return [result(await target.run(run, { uses, scratch, stdin, foreground, umask, onOutput }))];
  } catch (error) {
    if (lossExpected && error instanceof ConnectionError && error.fault === 'lost') return [result(SILENCE)];
    throw error;
  }
}

const SILENCE: ExecResult = { rc: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };

/** The answers of steps that went in one trip; the one that was cut short, or never began, is told as such. */
async function joinedAnswers(steps: readonly Step[], target: Target): Promise<readonly ExecAnswer[]> {
  const mark = `\x1e${randomBytes(12).toString('hex')}`;
  const trip = joined(steps, mark);
  const answer = await target.run(trip.script, { uses: trip.uses });
  const answers: ExecAnswer[] = [...parted(answer, mark)];
  const last = answers.at(-1);
  if (answers.length === steps.length || (last !== undefined && last.rc !== 0 && !answer.timedOut)) return answers;
  return [...answers, { ...answer, rc: answer.rc === 0 ? 1 : answer.rc }];
}

/** What a step's answer means. Throws ModuleFailure. */
function judged(step: Step, output: StepResult & { readonly timedOut?: boolean }): StepResult {
  if ('effect' in step) return output;
  if (output.timedOut)
    throw new ModuleFailure('Timed out', { rc: output.rc, stdout: text(output.stdout), stderr: text(output.stderr) });
  if ('put' in step) return { ...output, data: readPut(step, output) };
  if (output.rc !== 0 && !step.tolerate) throw failed(step.failure, output);
  return output;
}

function failed(
  message: string | undefined,
  answer: { rc: number; stdout: Uint8Array; stderr: Uint8Array },
): ModuleFailure {
  const stderr = text(answer.stderr).trim();
  const tail = stderr === '' ? text(answer.stdout).trim().slice(-2000) : stderr.slice(-2000);
  const head = message ?? `the host answered with exit code ${answer.rc}`;
  const said = tail === '' ? head : head === '' ? text(answer.stderr) || tail : `${head}: ${tail}`;
  return new ModuleFailure(said, {
    rc: answer.rc,
    stdout: text(answer.stdout),
    stderr: text(answer.stderr),
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
