// Control modules at work: what they decide about the run, and the waiting that pause asks for.

import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleFailure } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import type { TaskResult } from '../model/result.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { ControlModule, RunEffect, RunView } from '../module/control.ts';
import { toText } from '../module/schema.ts';
import type { Context } from '../template/contract.ts';
import type { Arguments } from './arguments.ts';
import type { Engine } from './engine.ts';
import { readIncludedVars } from './includevars.ts';
import { outcomeOf, telling } from './outcome.ts';
import type { PlayRun } from './state.ts';

export interface Decided {
  readonly result: TaskResult;
  readonly effects: readonly RunEffect[];
}

/** Lets a control module decide. Its failure is a failed result; its effects are the caller's to carry out. */
export async function decide(job: {
  readonly engine: Engine;
  readonly module: ControlModule;
  readonly args: Arguments;
  readonly context: Context;
  readonly host: string;
  readonly task: Task;
  readonly run: PlayRun;
}): Promise<Decided> {
  const { engine, module, args } = job;
  const decision = await module.decide(args.checked as never, viewOf(job));
  const certainty = 'certain' as const;
  const { warnings, ...said } = decision.data;
  let data: JsonObject = said;
  for (const effect of decision.effects ?? []) {
    if (effect.kind === 'pause') data = { ...data, ...(await pause(engine, effect)) };
  }
  const verboseAlways = decision.verboseAlways ?? false;
  const effects = decision.effects ?? [];
  const shared = { certainty, ...(Array.isArray(warnings) ? { warnings: warnings.map(toText) } : {}) };
  if (decision.failed !== undefined) {
    const failed = outcomeOf(new ModuleFailure(decision.failed, data, { position: job.task.position }));
    return { result: { ...failed, verboseAlways }, effects: [] };
  }
  if (decision.skipped !== undefined)
    return {
      result: {
        ...shared,
        status: 'skipped',
        reason: data['skipped_reason'] === undefined ? decision.skipped : '',
        data,
      },
      effects,
    };
  if (decision.changed)
    return { result: { ...shared, status: 'changed', data, verboseAlways, changes: [], applied: true }, effects };
  return { result: { ...shared, status: 'ok', data, verboseAlways }, effects };
}

function viewOf(job: Parameters<typeof decide>[0]): RunView {
  const { engine, context, task } = job;
  return {
    host: job.host,
    extra: job.args.extra,
    verbosity: engine.settings.verbosity,
    typing: engine.templar.typing,
    evaluate: (expression) => engine.templar.evaluate(expression, context),
    show: (expression) =>
      telling(
        () => 'Error while resolving `var` expression: ',
        () => engine.templar.show(expression, context, task.argPositions.get('var') ?? task.position),
      ),
    judge: (condition) => engine.templar.judge(condition, context, task.argPositions.get('that') ?? task.position),
    readVars: (request) => readIncludedVars(engine, job.run, task, request, context),
  };
}

async function pause(engine: Engine, effect: Extract<RunEffect, { kind: 'pause' }>): Promise<JsonObject> {
  const start = new Date();
  let input = '';
  if (effect.prompt !== undefined || effect.seconds === undefined) {
    const answer = await engine.prompt(
      `${effect.prompt ?? 'Press enter to continue, Ctrl+C to interrupt'}${effect.echo ? '' : ' (output is hidden)'}:`,
      { echo: effect.echo, seconds: effect.seconds },
    );
    input = answer ?? '';
  } else {
    engine.emit({ kind: 'noted', level: 0, message: `Pausing for ${effect.seconds} seconds` });
    await sleep(effect.seconds * 1000, undefined, { signal: engine.signal });
  }
  const stop = new Date();
  const data: Record<string, Json> = {
    start: local(start),
    stop: local(stop),
    delta: Math.floor((stop.getTime() - start.getTime()) / 1000),
    user_input: input,
  };
  if (effect.seconds === undefined)
    data['stdout'] = `Paused for ${((stop.getTime() - start.getTime()) / 60000).toFixed(2)} minutes`;
  return data;
}

/** `2026-01-31 12:00:00.123456`, local time, as Python prints a datetime. */
function local(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${shifted.toISOString().slice(0, -1).replace('T', ' ')}000`;
}
