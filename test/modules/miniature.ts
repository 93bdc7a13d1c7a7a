// A miniature of the engine for tests: asks, plans and applies a module against this machine's own `sh`, so that scripts
// of modules run for real without connections, forecast or templates.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '../../engine/model/resource.ts';
import type { JsonObject } from '../../engine/model/value.ts';
import {
  type Change,
  type ExecResult,
  isQuestion,
  type Library,
  type Module,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Resource,
  type Site,
  type Source,
  type Step,
  type StepResult,
  type Upload,
} from '../../engine/module/contract.ts';
import type { AnyModule } from '../../engine/module/registry.ts';
import { isControl } from '../../engine/module/registry.ts';
import { argumentCheck } from '../../engine/module/schema.ts';
import { sh } from '../../engine/module/sh.ts';

export const SITE: Site = {
  host: 'testhost',
  facts: {},
  environment: {},
  diff: true,
  token: 'token-1',
  remoteTmp: '~/.ansible/tmp',
};

/** The shell command line that runs scripts: `['sh']`, `['busybox', 'sh']` ... */
export type Shell = readonly string[];

/** Runs a script as a connection would. */
export function runScript(
  script: string,
  how: {
    uses?: readonly Library[] | undefined;
    stdin?: Source | undefined;
    scratch?: readonly Upload[] | undefined;
    cwd?: string;
    shell?: Shell;
  } = {},
): ExecResult {
  const scratch = mkdtempSync(join(tmpdir(), 'troupe-scratch-'));
  for (const { name, bytes } of how.scratch ?? []) writeFileSync(join(scratch, name), bytes.bytes!);
  const [program, ...words] = how.shell ?? ['sh'];
  const text = [...(how.uses ?? []).map((library) => library.text), script].join('\n');
  const done = spawnSync(program!, [...words, '-c', text], {
    input: how.stdin?.bytes ?? '',
    cwd: how.cwd,
    env: { ...process.env, LC_ALL: 'C', SCRATCH: scratch },
    maxBuffer: 2 ** 28,
  });
  rmSync(scratch, { recursive: true, force: true });
  if (done.error !== undefined) throw done.error;
  return { rc: done.status ?? 128, stdout: done.stdout, stderr: done.stderr };
}

/** Arguments as the engine hands them in: checked, coerced, defaulted; sources are passed by. */
export function argumentsOf(module: AnyModule, args: JsonObject): JsonObject {
  return argumentCheck(module.schema, module.rules).check(args, { module: 'module' });
}

export interface Asked {
  readonly plan: Plan;
  readonly seen: Observed;
  readonly trips: number;
}

/** Asks all questions of a module and plans. */
export function ask(
  module: AnyModule,
  args: JsonObject,
  how: { site?: Partial<Site>; shell?: Shell; cwd?: string; overlay?: ReadonlyMap<Resource, State> } = {},
): Asked {
  if (isControl(module)) throw new Error('control modules ask no host');
  const site = { ...SITE, ...how.site };
  const checked = argumentsOf(module, args) as never;
  let seen = new Map<Resource, State>();
  let trips = 0;
  let answer: Plan | Question = (module as Module).inspect(checked, site);
  for (let count = 0; isQuestion(answer); count++) {
    if (count > 8) throw new Error('questions without an end');
    if (answer.script !== '') {
      trips++;
      const told = answer.read(runScript(answer.script, { ...how, uses: answer.uses, scratch: answer.scratch }));
      seen = new Map([...seen, ...told]);
      for (const [resource, state] of how.overlay ?? []) if (seen.has(resource)) seen.set(resource, state);
    }
    answer = (module as Module).plan(checked, seen, site);
  }
  return { plan: answer, seen, trips };
}

export interface Outcome {
  readonly changed: boolean;
  readonly changes: readonly Change[];
  readonly data: JsonObject;
  readonly plan: Plan;
  readonly trips: number;
}

/** Runs a module for real. Throws ModuleFailure. */
export function run(module: AnyModule, args: JsonObject, how: Parameters<typeof ask>[2] = {}): Outcome {
  const { plan, trips } = ask(module, args, how);
  return { ...apply(plan, how), plan, trips };
}

/** Applies a plan with its stages. */
export function apply(plan: Plan, how: { shell?: Shell; cwd?: string } = {}): Omit<Outcome, 'plan' | 'trips'> {
  let data: JsonObject = {};
  let changed = false;
  const changes: Change[] = [];
  for (let stage: Plan | undefined = plan; stage !== undefined; ) {
    data = { ...data, ...stage.data };
    const outputs: StepResult[] = [];
    for (const action of stage.actions) {
      const output = performStep(action.step, how);
      outputs.push(output);
      const counts = action.changedBy?.(output) ?? (action.changes.length > 0 || action.opaque === 'changes');
      changed ||= counts;
      if (counts) changes.push(...action.changes);
      const kept = output.data['backup_file'];
      if (kept !== undefined) data = { ...data, backup_file: kept };
    }
    const concluded: JsonObject | Plan | undefined = stage.conclude?.(outputs);
    if (concluded !== undefined && 'actions' in concluded) {
      stage = concluded as Plan;
    } else {
      data = { ...data, ...concluded };
      stage = undefined;
    }
  }
  return { changed, changes, data };
}

function performStep(step: Step, how: { shell?: Shell; cwd?: string }): StepResult {
  const result = (part: Partial<StepResult>): StepResult => ({
    rc: 0,
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    started: '2026-01-01T00:00:00.000',
    ended: '2026-01-01T00:00:01.500',
    data: {},
    ...part,
  });
  if ('put' in step) return result({ data: writePlainly(step) });
  if ('effect' in step && step.effect.kind === 'sleep' && step.effect.seconds === 0) return result({});
  if ('effect' in step) throw new Error(`no ${step.effect.kind} effect in the miniature`);
  const answer = runScript(step.run, { ...how, uses: step.uses, scratch: step.scratch, stdin: step.stdin });
  if (answer.rc !== 0 && !step.tolerate) {
    const said = new TextDecoder().decode(answer.stderr).trim();
    throw new ModuleFailure(`${step.failure ?? `exit code ${answer.rc}`}: ${said}`);
  }
  return result(answer);
}

function writePlainly(step: Extract<Step, { put: string }>): JsonObject {
  const there = existsSync(step.put);
  const link = there && lstatSync(step.put).isSymbolicLink();
  const sha1 = there && !link ? createHash('sha1').update(readFileSync(step.put)).digest('hex') : null;
  if (step.expect !== undefined && step.expect !== sha1)
    throw new ModuleFailure(`${step.put} is not what was inspected`);
  const kept = step.backup && there ? `${step.put}.1.2026-01-01@00:00:00~` : undefined;
  if (kept !== undefined) copyFileSync(step.put, kept);
  if (step.validate !== undefined) {
    const side = `${step.put}.side`;
    writeFileSync(side, step.bytes.bytes!);
    const judged = runScript(step.validate.replaceAll('%s', side));
    rmSync(side);
    if (judged.rc !== 0) throw new ModuleFailure('failed to validate');
  }
  if (link) rmSync(step.put);
  writeFileSync(step.put, step.bytes.bytes!);
  for (const [program, value] of [
    ['chown', step.owner],
    ['chgrp', step.group],
    ['chmod', step.mode],
  ] as const) {
    if (value !== undefined && runScript(sh`${program} ${value} ${step.put}`).rc !== 0) {
      throw new ModuleFailure(`${program} failed`);
    }
  }
  return kept === undefined ? {} : { backup_file: kept };
}
