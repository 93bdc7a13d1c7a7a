// The only place that changes a host: it applies the actions of a plan, in order, and tells truthfully which of them
// were made when one of them fails.

import { ConnectionError, ModuleFailure } from '../model/errors.ts';
import type { Change } from '../model/resource.ts';
import type { JsonObject } from '../model/value.ts';
import type { Action, Plan, StepResult } from '../module/contract.ts';
import { carryOut } from './effects.ts';
import { putScript, readPut } from './put.ts';
import type { Target } from './target.ts';

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
  let data: JsonObject = plan.data ?? {};
  try {
    let stage: Plan | undefined = plan;
    for (let count = 0; stage !== undefined; count++) {
      if (count === STAGES) throw new ModuleFailure('the module does not come to an end');
      const current: Plan = stage;
      data = { ...data, ...current.data };
      const outputs: StepResult[] = [];
      for (const [index, action] of current.actions.entries()) {
        const output = await apply(action, target, how, expectsLoss(current.actions, index));
        outputs.push(output);
        if (counts(action, output)) {
          changed = true;
          changes.push(...action.changes);
        }
        if (typeof output.data['backup_file'] === 'string') data = { ...data, backup_file: output.data['backup_file'] };
      }
      const concluded: JsonObject | Plan | undefined = current.conclude?.(outputs);
      stage = isPlan(concluded) ? concluded : undefined;
      if (concluded !== undefined && stage === undefined) data = { ...data, ...(concluded as JsonObject) };
    }
    return { changed, changes, data };
  } catch (error) {
    throw new PartlyDone(error, changes);
  }
}

function isPlan(concluded: JsonObject | Plan | undefined): concluded is Plan {
  return concluded !== undefined && concluded['kind'] === 'plan' && 'actions' in concluded;
}

function counts(action: Action, output: StepResult): boolean {
  if (action.changedBy !== undefined) return action.changedBy(output);
  return action.changes.length > 0 || action.opaque === 'changes';
}

/** A script that ends the link (reboot) is followed by a reconnect: then its silence is its answer. */
function expectsLoss(actions: readonly Action[], index: number): boolean {
  const next = actions[index + 1]?.step;
  return next !== undefined && 'effect' in next && next.effect.kind === 'reconnect';
}

async function apply(action: Action, target: Target, how: Performance, lossExpected: boolean): Promise<StepResult> {
  const started = new Date();
  const { step } = action;
  const result = (part: Pick<StepResult, 'rc' | 'stdout' | 'stderr' | 'data'>): StepResult => ({
    ...part,
    started: started.toISOString(),
    ended: new Date().toISOString(),
  });
  if ('effect' in step) return result(await carryOut(step.effect, target, how.signal));
  if ('put' in step) {
    const answer = await target.run(putScript(step), { stdin: step.bytes });
    return result({ ...answer, data: readPut(step, answer) });
  }
  try {
    const answer = await target.run(step.run, {
      uses: step.uses,
      scratch: step.scratch,
      stdin: step.stdin,
      foreground: step.foreground,
      umask: step.umask,
      onOutput: step.onOutput ? how.onOutput : undefined,
    });
    if (answer.timedOut)
      throw new ModuleFailure('Timed out', { rc: answer.rc, stdout: text(answer.stdout), stderr: text(answer.stderr) });
    if (answer.rc !== 0 && !step.tolerate) throw failed(step.failure, answer);
    return result({ ...answer, data: {} });
  } catch (error) {
    if (lossExpected && error instanceof ConnectionError && error.fault === 'lost') {
      return result({ rc: 0, stdout: new Uint8Array(), stderr: new Uint8Array(), data: {} });
    }
    throw error;
  }
}

function failed(
  message: string | undefined,
  answer: { rc: number; stdout: Uint8Array; stderr: Uint8Array },
): ModuleFailure {
  const stderr = text(answer.stderr).trim();
  const tail = stderr === '' ? text(answer.stdout).trim().slice(-2000) : stderr.slice(-2000);
  const head = message ?? `the host answered with exit code ${answer.rc}`;
  return new ModuleFailure(tail === '' ? head : `${head}: ${tail}`, {
    rc: answer.rc,
    stdout: text(answer.stdout),
    stderr: text(answer.stderr),
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
