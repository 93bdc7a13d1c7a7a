// Gathering facts: the task that a play begins with.

import type { Task } from '../model/playbook.ts';
import { type Dict, toJson } from '../model/value.ts';
import { toBool } from '../module/schema.ts';
import { playContext } from './context.ts';
import type { Frame } from './state.ts';
import { runTask, type Stage } from './task.ts';

/** The play's first task, where it gathers facts. */
export async function gatherFacts(stage: Stage, frame: Frame, batch: readonly string[]): Promise<void> {
  const { engine } = stage;
  const { run } = frame;
  const wanted = run.play.directives['gatherFacts']?.value;
  const { gathering, factsAction } = engine.settings;
  const context = playContext(engine, run.play, batch[0]!);
  const said =
    wanted === undefined || wanted === null ? undefined : toBool(toJson(engine.templar.render(wanted, context)));
  if (said === false || (said === undefined && gathering === 'explicit')) return;
  const missing = gathering === 'smart' ? batch.filter((host) => engine.variables.facts(host).size === 0) : batch;
  const hosts = run.hosts.alive(missing);
  if (hosts.length === 0) return;
  const { position, file } = run.play;
  const args: Dict = new Map();
  for (const [field, name] of [
    ['gatherSubset', 'gather_subset'],
    ['gatherTimeout', 'gather_timeout'],
    ['factPath', 'fact_path'],
  ] as const) {
    const value = run.play.directives[field]?.value;
    if (value !== undefined && value !== null) args.set(name, value);
  }
  const task: Task = {
    kind: 'task',
    position,
    name: { value: 'Gathering Facts', position },
    action: factsAction,
    actionPosition: position,
    args,
    freeForm: undefined,
    argPositions: new Map(),
    // A play with tags of its own is gathered for only when these are asked for.
    directives: run.play.directives['tags'] === undefined ? { tags: { value: ['always'], position } } : {},
    vars: new Map(),
    loop: undefined,
    handler: false,
    role: undefined,
    parent: undefined,
    file,
  };
  await runTask(stage, frame, task, hosts, 'facts');
}
