// async: a task's script as a detached job on the host, whose state is a JSON file as Ansible keeps it; polled here, or
// left to async_status.

import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleFailure } from '../model/errors.ts';
import { ABSENT } from '../model/resource.ts';
import type { TaskResult } from '../model/result.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { Plan, Step } from '../module/contract.ts';
import { lines, raw, type Script, sh } from '../module/sh.ts';
import { outcomeOf } from './outcome.ts';
import { counts, PartlyDone, type Performed, perform } from './perform.ts';
import type { TaskSite } from './site.ts';
import { askAndPlan, type Work, work } from './work.ts';

export interface Patience {
  /** The limit of the job, seconds. */
  readonly seconds: number;
  /** Seconds between polls; 0 leaves it running. */
  readonly poll: number;
}

/** Exit codes of a job that was told to end (SIGTERM), or made to (SIGKILL). */
const KILLED: readonly number[] = [143, 137];

type Run = Extract<Step, { run: Script }>;

/** Starts the task's plan as a job; with poll, waits for it. */
export async function runDetached(job: Work, site: TaskSite, host: string, patience: Patience): Promise<TaskResult> {
  const { plan, certainty } = await askAndPlan(job);
  const shared = { certainty, trips: job.target.trips };
  const id = newId();
  const steps = plan.actions.map((action) => action.step);
  const file = `${job.engine.settings.asyncDir}/${id}`;
  if (plan.actions.length === 0 || !steps.every((step): step is Run => 'run' in step)) {
    return finishedAtOnce(job, plan, id, file, patience, shared);
  }
  const changed = plan.actions.some((action) => action.changes.length > 0 || action.opaque === 'changes');
  const answers = steps.some((step) => step.answers);
  const base = {
    ...plan.data,
    changed,
    ansible_job_id: id,
    ...(answers ? { answers } : { invocation: { module_args: {} } }),
  };
  const uploads = steps.flatMap((step) => step.scratch ?? []);
  const scratch = uploads.length === 0 ? undefined : await job.target.stow(uploads);
  await job.target.run(jobScript(id, file, base, steps as Run[], patience.seconds, scratch), {
    uses: (steps as Run[]).flatMap((step) => step.uses ?? []),
  });
  const started = startedAs(id, file);
  if (patience.poll <= 0)
    return { ...shared, status: 'changed', changes: [], applied: true, data: { ...started, changed: true } };
  return poll(job, site, host, plan, id, file, patience, started);
}

/** In a dry run: a job that nobody waits for is foretold, and with it what async_status will be told of it. */
export async function foretellDetached(job: Work, patience: Patience): Promise<TaskResult> {
  const told = await work(job);
  if (told.status === 'failed' || told.status === 'unreachable') return told;
  const id = newId();
  const started = startedAs(id, `${job.engine.settings.asyncDir}/${id}`);
  if (patience.poll > 0) return { ...told, data: { ...told.data, ...started, finished: true } };
  const effect = told.status === 'changed' || (told.status === 'skipped' && told.foretold === 'changed');
  const after = { ...told.data, started: 1, finished: 1, planned: effect ? 'changes' : 'observes' };
  const changes = [
    ...(told.status === 'changed' ? told.changes : []),
    { of: `job:${id}` as const, before: ABSENT, after },
  ];
  job.engine.forecast.note(job.host, changes.slice(-1), job.by, told.certainty);
  const { certainty, trips } = told;
  return {
    status: 'changed',
    changes,
    applied: false,
    certainty,
    data: { ...started, changed: true },
    ...(trips === undefined ? {} : { trips }),
  };
}

function newId(): string {
  return `j${Math.floor(Math.random() * 1e12)}.${process.pid}`;
}

function startedAs(id: string, file: string): JsonObject {
  return { ansible_job_id: id, started: true, finished: false, results_file: file };
}

async function finishedAtOnce(
  job: Work,
  plan: Plan,
  id: string,
  file: string,
  patience: Patience,
  shared: { certainty: TaskResult['certainty']; trips: number },
): Promise<TaskResult> {
  let performed: Performed;
  try {
    performed = await perform(plan, job.target, job.performance);
  } catch (error) {
    if (error instanceof PartlyDone) return outcomeOf(error.cause, error.changes, job.target.trips);
    throw error;
  }
  const state = { ...performed.data, changed: performed.changed, started: 1, finished: 1, ansible_job_id: id };
  await job.target.run(
    sh`umask 077; f=${raw(home(file))}; mkdir -p "$(dirname "$f")" && printf '%s' ${JSON.stringify(state)} >"$f"`,
  );
  const data: JsonObject =
    patience.poll > 0
      ? { ...state, started: true, finished: true }
      : { ansible_job_id: id, started: true, finished: false, results_file: file, changed: true };
  if (patience.poll > 0 && !performed.changed) return { ...shared, status: 'ok', data };
  return { ...shared, status: 'changed', changes: performed.changes, applied: true, data };
}

async function poll(
  job: Work,
  site: TaskSite,
  host: string,
  plan: Plan,
  id: string,
  file: string,
  patience: Patience,
  started: JsonObject,
): Promise<TaskResult> {
  const { engine } = job;
  const end = Date.now() + patience.seconds * 1000;
  const tell = (phase: 'polled' | 'finished' | 'failed'): void =>
    engine.emit({ kind: 'async-polled', task: site.identity, host, job: id, phase, started: true });
  while (Date.now() < end + patience.poll * 1000) {
    await sleep(patience.poll * 1000, undefined, { signal: engine.signal });
    const answer = await job.target.run(sh`cat ${raw(home(file))} 2>/dev/null`);
    const state = parse(answer.stdout);
    if (state === undefined || state['finished'] !== 1) {
      tell('polled');
      continue;
    }
    await job.target.run(sh`rm -f -- ${raw(home(file))}`);
    // Ended by its limit, not by itself.
    if (Date.now() >= end && KILLED.includes(Number(state['rc']))) break;
    const result = conclude(plan, { ...state, results_file: file }, job.target.trips);
    tell(result.status === 'failed' ? 'failed' : 'finished');
    return result;
  }
  tell('failed');
  await job.target.run(killScript(file));
  throw new ModuleFailure(`async task did not complete within the requested time - ${patience.seconds}s`, {
    async_result: started,
  });
}

function parse(bytes: Uint8Array): Record<string, Json> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, Json>;
  } catch {
    return undefined;
  }
}

/** The job's last state as the module concludes from it. */
function conclude(plan: Plan, state: Record<string, Json>, trips: number): TaskResult {
  const bytes = (key: string): Uint8Array => new TextEncoder().encode(String(state[key] ?? ''));
  const output = {
    rc: Number(state['rc'] ?? 0),
    stdout: bytes('stdout'),
    stderr: bytes('stderr'),
    started: String(state['start'] ?? ''),
    ended: String(state['end'] ?? ''),
    data: {},
  };
  const job = {
    ansible_job_id: state['ansible_job_id'] ?? '',
    started: true,
    finished: true,
    results_file: state['results_file'] ?? '',
  };
  try {
    const concluded = plan.conclude?.(plan.actions.map(() => output));
    const more = concluded !== undefined && !('actions' in concluded) ? (concluded as JsonObject) : {};
    const data = { ...plan.data, ...more, ...job };
    if (!plan.actions.some((action) => counts(action, output)))
      return { status: 'ok', certainty: 'certain', data, trips };
    return {
      status: 'changed',
      certainty: 'certain',
      changes: plan.actions.flatMap((action) => action.changes),
      applied: true,
      data,
      trips,
    };
  } catch (error) {
    const failed = outcomeOf(error, [], trips);
    return { ...failed, data: { ...failed.data, ...job } };
  }
}

/** A path below `~`, for a shell. */
function home(path: string): string {
  return path.startsWith('~/') ? `"$HOME"/${sh`${path.slice(2)}`}` : sh`${path}`;
}

/**
 * Detaches a job that runs the steps one after another, each in a child shell, and leaves JSON with their outcome. The
 * text is escaped for JSON by awk, which POSIX has.
 */
function jobScript(
  id: string,
  file: string,
  base: JsonObject,
  steps: readonly Run[],
  seconds: number,
  scratch: string | undefined,
): Script {
  const body = lines(
    ...steps.map(
      (step) =>
        sh`${step.umask === undefined ? raw('') : raw(`umask ${step.umask};`)}sh -c ${step.run} </dev/null || exit $?`,
    ),
  );
  const head = JSON.stringify(base).slice(0, -1);
  const jsonText = raw(
    `tr -d '\\000-\\010\\013\\014\\016-\\037' | awk 'BEGIN{ORS=""} {gsub(/\\\\/,"\\\\\\\\"); gsub(/"/,"\\\\\\""); gsub(/\\t/,"\\\\t"); gsub(/\\r/,"\\\\r"); if (NR>1) print "\\\\n"; print}'`,
  );
  const worker = sh`f=$1; o=$f.out; e=$f.err
trap '' HUP
${raw(scratch === undefined ? '' : sh`SCRATCH=${scratch}; export SCRATCH`)}
start=$(date +%Y-%m-%d' '%H:%M:%S.000000); began=$(date +%s)
( ${raw(body)} ) >"$o" 2>"$e" &
child=$!
( sleep ${seconds}; kill -TERM $child 2>/dev/null; sleep 5; kill -KILL $child 2>/dev/null ) >/dev/null 2>&1 &
watch=$!
wait $child; rc=$?
kill $watch 2>/dev/null
took=$(($(date +%s) - began)); delta=$(printf '%d:%02d:%02d.000000' $((took / 3600)) $((took / 60 % 60)) $((took % 60)))
msg=; [ $rc = 0 ] || msg='non-zero return code'
{ printf '%s' ${head}; printf ',"rc":%s,"failed":%s,"started":1,"finished":1,"msg":"%s","delta":"%s","start":"%s","end":"%s","stdout":"' "$rc" "$([ $rc = 0 ] && echo false || echo true)" "$msg" "$delta" "$start" "$(date +%Y-%m-%d' '%H:%M:%S.000000)"; ${jsonText} <"$o"; printf '","stderr":"'; ${jsonText} <"$e"; printf '"}'; } >"$f.new"
mv -f "$f.new" "$f"; rm -f "$o" "$e" "$f.pid"; [ -z "\${SCRATCH-}" ] || rm -rf -- "$SCRATCH"`;
  return sh`umask 077; f=${raw(home(file))}; mkdir -p "$(dirname "$f")" || exit 1
printf '{"ansible_job_id":"%s","started":1,"finished":0}' ${id} >"$f"
if command -v setsid >/dev/null 2>&1; then setsid sh -c ${worker} job "$f" </dev/null >/dev/null 2>&1 & else sh -c ${worker} job "$f" </dev/null >/dev/null 2>&1 & fi
echo $! >"$f.pid"`;
}

function killScript(file: string): Script {
  return sh`f=${raw(home(file))}; [ -f "$f.pid" ] && pid=$(cat "$f.pid") && { kill -TERM -- -"$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null; }; true`;
}
