// A module at work on a host: asked, answered, planned, and either applied or foretold.

import { type Forecast, worse } from '../forecast/forecast.ts';
import { Sight } from '../forecast/sight.ts';
import { ModuleFailure } from '../model/errors.ts';
import type { Change, Observed } from '../model/resource.ts';
import type { Certainty, TaskResult } from '../model/result.ts';
import type { JsonObject } from '../model/value.ts';
import { isQuestion, type Module, type Plan, type Question, type Site } from '../module/contract.ts';
import type { Engine } from './engine.ts';
import { outcomeOf } from './outcome.ts';
import { PartlyDone, type Performance, perform, performStage } from './perform.ts';
import { EMPTY, type Target } from './target.ts';

/** How many questions a module may ask. */
const QUESTIONS = 16;

export interface Work {
  readonly engine: Engine;
  readonly module: Module;
  readonly args: JsonObject;
  readonly site: Site;
  readonly target: Target;
  /** The host whose forecast counts: the delegate's, when delegated. */
  readonly host: string;
  readonly checkMode: boolean;
  /** The task's name, for what rests on it. */
  readonly by: string;
  readonly performance: Performance;
  /** What a skipped opaque task is expected to report, judged from its changed_when. */
  foretell(usual: 'ok' | 'changed'): { readonly foretold: 'ok' | 'changed' | undefined; readonly certainty: Certainty };
}

interface Planned {
  readonly plan: Plan;
  readonly certainty: Certainty;
  readonly restsOn: string | undefined;
}

/** Throws what the module or the connection throws; the caller turns it into a result. */
export async function work(job: Work): Promise<TaskResult> {
  const { plan, certainty, restsOn } = await askAndPlan(job);
  const shared = {
    certainty,
    ...(restsOn === undefined ? {} : { restsOn }),
    ...warningsOf(plan, {}),
    ...(plan.diffs === undefined || !job.site.diff ? {} : { diffs: plan.diffs }),
  };
  if (plan.skipped !== undefined)
    return { ...shared, status: 'skipped', reason: plan.skipped, data: plan.data ?? {}, trips: job.target.trips };
  if (job.checkMode) {
    const told = plan.actions.some((action) => action.rehearsal !== undefined)
      ? await rehearsed(job, plan, shared)
      : foretold(job, plan, shared);
    return { ...told, trips: job.target.trips };
  }
  try {
    const { changed, changes, data } = await perform(plan, job.target, job.performance);
    const told = { ...shared, ...warningsOf(plan, data), data, trips: job.target.trips };
    return changed ? { ...told, status: 'changed', changes, applied: true } : { ...told, status: 'ok' };
  } catch (error) {
    if (error instanceof PartlyDone) return outcomeOf(error.cause, error.changes, job.target.trips);
    throw error;
  }
}

/** What the plan warns of, and what a result that came from elsewhere does. */
function warningsOf(plan: Plan, data: JsonObject): { readonly warnings?: readonly string[] } {
  const own = Array.isArray(data['warnings']) ? data['warnings'].map(String) : [];
  const warnings = [...(plan.warnings ?? []), ...own];
  return warnings.length === 0 ? {} : { warnings };
}

/** Asks until the module has a plan. In a dry run the forecast is laid over each answer. */
export async function askAndPlan(job: Work): Promise<Planned> {
  const seen = new Sight();
  let next: Plan | Question = job.module.inspect(job.args as never, job.site);
  for (let count = 0; count < QUESTIONS; count++) {
    if (!isQuestion(next)) return { plan: next, ...seen.doubt };
    const answer = await ask(next, job.target);
    const laid = forecastOf(job)?.overlay(job.host, answer);
    seen.learn(laid?.observed ?? answer, laid?.doubts);
    next = job.module.plan(job.args as never, seen, job.site);
  }
  throw new ModuleFailure('the module does not come to an end with its questions');
}

/**
 * The forecast, where the whole run is dry. A single task with `check_mode: true` among tasks that do change the host sees
 * the host as it is, as in Ansible.
 */
function forecastOf(job: Work): Forecast | undefined {
  return job.checkMode && job.engine.settings.checkMode ? job.engine.forecast : undefined;
}

async function ask(question: Question, target: Target): Promise<Observed> {
  if (question.script === '') return question.read({ rc: 0, stdout: EMPTY.bytes!, stderr: EMPTY.bytes! });
  const answer = await target.run(question.script, { asking: true, uses: question.uses, scratch: question.scratch });
  if (answer.timedOut) throw new ModuleFailure('Timed out');
  return question.read(answer);
}

/** What a plan says itself that it would do: its rehearsals are carried out in the place of its steps, and no further stage. */
async function rehearsed(
  job: Work,
  plan: Plan,
  shared: { readonly certainty: Certainty; readonly restsOn?: string },
): Promise<TaskResult> {
  const actions = plan.actions.flatMap((action) =>
    action.rehearsal === undefined ? [] : [{ ...action, step: action.rehearsal }],
  );
  const changes: Change[] = [];
  try {
    const { changed, data } = await performStage({ ...plan, actions }, job.target, job.performance, changes);
    const told = { ...shared, ...warningsOf(plan, data), data };
    if (!changed) return { ...told, status: 'ok' };
    forecastOf(job)?.note(job.host, changes, job.by, shared.certainty);
    if (plan.actions.some((action) => action.opaque === 'changes')) forecastOf(job)?.noteOpaque(job.host, job.by);
    return { ...told, status: 'changed', changes, applied: false };
  } catch (error) {
    throw error instanceof PartlyDone ? error.cause : error;
  }
}

/** What a plan would do, told instead of done, and remembered for later tasks. */
function foretold(
  job: Work,
  plan: Plan,
  shared: { readonly certainty: Certainty; readonly restsOn?: string },
): TaskResult {
  const changes = plan.actions.flatMap((action) => action.changes);
  const data = { ...plan.data, ...(plan.actions.length > 0 ? plan.pending : {}) };
  const opaque = plan.actions.find((action) => action.opaque !== undefined)?.opaque;
  if (changes.length > 0) {
    // What a user's command is meant to make is known, but not whether it will.
    const certainty = opaque === undefined ? shared.certainty : worse(shared.certainty, 'foreseen');
    forecastOf(job)?.note(job.host, changes, job.by, certainty);
    return { ...shared, certainty, status: 'changed', changes, applied: false, data };
  }
  if (opaque === undefined) return { ...shared, status: 'ok', data };
  if (opaque === 'changes') {
    const judged = job.foretell('changed');
    // Where much is yet to be done, what nobody can judge is likelier to do its part than not.
    const expectation =
      judged.foretold === undefined && forecastOf(job)?.isPending(job.host)
        ? { ...judged, foretold: 'changed' as const }
        : judged;
    if (expectation.foretold !== 'ok') forecastOf(job)?.noteOpaque(job.host, job.by);
    return {
      ...shared,
      status: 'skipped',
      reason: '',
      data,
      foretold: expectation.foretold,
      certainty: worse(shared.certainty, worse('foreseen', expectation.certainty)),
    };
  }
  const expectation = job.foretell('ok');
  return {
    ...shared,
    status: 'skipped',
    reason: '',
    data,
    foretold: expectation.foretold,
    certainty: worse(shared.certainty, worse('foreseen', expectation.certainty)),
  };
}
