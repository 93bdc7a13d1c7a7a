// The context in which a task's templates are rendered for one host, and what can be said of its certainty.

import { dirname } from 'node:path';
import { worse } from '../forecast/forecast.ts';
import type { Task } from '../model/playbook.ts';
import type { Certainty } from '../model/result.ts';
import { Template, type Value } from '../model/value.ts';
import type { Context } from '../template/contract.ts';
import type { Engine } from './engine.ts';
import { searchPath } from './sources.ts';
import type { PlayRun } from './state.ts';

/** A task's rendering context on a host; `extra` are loop variables and the like. */
export function contextOf(
  engine: Engine,
  run: PlayRun,
  task: Task,
  host: string,
  extra?: ReadonlyMap<string, Value>,
): Context {
  const playbookDir = dirname(run.play.file);
  return {
    scope: engine.variables.scope({ host, play: run.play, task, ...(extra === undefined ? {} : { extra }) }),
    searchPath: searchPath(task, playbookDir),
    basedir: playbookDir,
    services: engine.services,
    warn: (message, position) => engine.emit({ kind: 'warned', message, position }),
  };
}

/** A context of a play (no task yet): for hosts, serial, vars_files, names. */
export function playContext(engine: Engine, play: PlayRun['play'], host: string): Context {
  const playbookDir = dirname(play.file);
  return {
    scope: engine.variables.scope({ host, play }),
    searchPath: [playbookDir],
    basedir: playbookDir,
    services: engine.services,
    warn: (message, position) => engine.emit({ kind: 'warned', message, position }),
  };
}

/** The least certain of the run's values that these texts read. Only a dry run has uncertain ones. */
export function certaintyOf(engine: Engine, host: string, values: readonly Value[], asExpression: boolean): Certainty {
  if (!engine.settings.checkMode) return 'certain';
  let certainty: Certainty = 'certain';
  const visit = (value: Value): void => {
    if (value instanceof Template || (asExpression && typeof value === 'string')) {
      for (const name of engine.templar.references(value, asExpression && typeof value === 'string')) {
        certainty = worse(certainty, engine.variables.certaintyOf(host, name));
      }
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (value instanceof Map) {
      for (const item of value.values()) visit(item);
    }
  };
  for (const value of values) visit(value);
  return certainty;
}
