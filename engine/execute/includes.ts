// include_tasks and include_role: what hosts asked for, grouped so that equal includes run together, and the nodes that
// each of them brings.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import { KEYWORD_BY_NAME } from '../model/keywords.ts';
import type { Block, Directives, Located, Task } from '../model/playbook.ts';
import type { TaskResult } from '../model/result.ts';
import { type Dict, fromJson, isDict, type JsonObject, type Value } from '../model/value.ts';
import type { RunEffect } from '../module/control.ts';
import { runNodes } from './block.ts';
import { contextOf } from './context.ts';
import type { Engine } from './engine.ts';
import { outcomeOf } from './outcome.ts';
import { asRegistered } from './registered.ts';
import type { HostOutcome, TaskSite } from './site.ts';
import { type Frame, within } from './state.ts';
import type { Stage } from './task.ts';

type Include = Extract<RunEffect, { kind: 'include' }>;

export interface IncludeGroup {
  readonly what: 'tasks' | 'role';
  readonly args: JsonObject;
  /** Loop variables of the item that asked. */
  readonly item: ReadonlyMap<string, Value> | undefined;
  readonly label: string | undefined;
  readonly hosts: string[];
}

/** Includes of all hosts, equal ones together, in the order in which they were asked for. */
export function groupIncludes(outcomes: readonly HostOutcome[], textOf: (value: Value) => string): IncludeGroup[] {
  const groups = new Map<string, IncludeGroup>();
  const most = Math.max(0, ...outcomes.map((outcome) => outcome.effects.length));
  for (let index = 0; index < most; index++) {
    for (const { host, effects } of outcomes) {
      const asked = effects[index];
      if (asked?.effect.kind !== 'include') continue;
      const include: Include = asked.effect;
      const item =
        asked.item === undefined ? '' : [...asked.item].map(([key, value]) => `${key}=${textOf(value)}`).join('\0');
      const key = `${include.what}\0${JSON.stringify(include.args)}\0${item}`;
      const group = groups.get(key);
      if (group === undefined)
        groups.set(key, {
          what: include.what,
          args: include.args,
          item: asked.item,
          label: asked.label,
          hosts: [host],
        });
      else group.hosts.push(host);
    }
  }
  return [...groups.values()];
}

/** The block that an include brings, hung where the include stands. Throws PlaybookError. */
export async function bring(
  engine: Engine,
  frame: Frame,
  task: Task,
  group: IncludeGroup,
): Promise<{ readonly block: Block; readonly file: string }> {
  const apply = appliedTo(engine, frame, task, group);
  const shell: Block = {
    kind: 'block',
    position: task.position,
    name: undefined,
    origin: 'include',
    directives: applied(apply, task),
    vars: new Map([
      ...task.vars,
      ...((isDict(apply) && isDict(apply.get('vars') ?? null) ? apply.get('vars') : new Map()) as Dict),
      ...(group.item ?? []),
    ]),
    body: [],
    rescue: [],
    always: [],
    role: task.role,
    parent: task.parent,
    file: task.file,
  };
  if (group.what === 'tasks') {
    const file = findTasks(String(group.args['file'] ?? ''), task, dirname(frame.run.play.file));
    const nodes = await engine.loader.tasks(file, { role: task.role, parent: shell, handler: task.handler });
    return { block: { ...shell, body: adopt(nodes, shell), file }, file };
  }
  const from = (key: string): string | undefined =>
    typeof group.args[key] === 'string' && group.args[key] !== 'main' ? (group.args[key] as string) : undefined;
  const role = await engine.loader.role(String(group.args['name'] ?? ''), {
    position: task.position,
    parent: shell,
    from: task.role,
    tasksFrom: from('tasks_from'),
    varsFrom: from('vars_from'),
    defaultsFrom: from('defaults_from'),
    handlersFrom: from('handlers_from'),
    public: group.args['public'] === true,
    allowDuplicates: group.args['allow_duplicates'] !== false,
    validate: group.args['rolespec_validate'] !== false,
    playbookDir: dirname(frame.run.play.file),
  });
  for (const host of group.hosts) engine.variables.exposeRole(host, role);
  return { block: { ...shell, body: role.blocks }, file: role.name };
}

/** Nodes hang beneath the block that was made for them. */
function adopt<N extends { parent: Block | undefined }>(nodes: readonly N[], parent: Block): readonly N[] {
  for (const node of nodes) node.parent = parent;
  return nodes;
}

/** What `apply` was rendered to, where text is taken as written again: that of hosts is marked. */
function appliedTo(engine: Engine, { run }: Frame, task: Task, { args, hosts, item }: IncludeGroup): Value {
  const { templar } = engine;
  const written = isDict(task.args) ? (task.args.get('apply') ?? null) : task.args;
  const { scope } = contextOf(engine, run, task, hosts[0]!, item);
  return templar.marked(fromJson(args['apply'] ?? null), templar.sources(written, scope), scope);
}

/** Keywords of `apply`. */
function applied(apply: Value, task: Task): Directives {
  const directives: Record<string, Located> = {};
  if (isDict(apply)) {
    for (const [name, value] of apply) {
      const keyword = KEYWORD_BY_NAME.get(String(name));
      if (keyword === undefined || !keyword.levels.includes('block')) {
        throw new PlaybookError(`'${String(name)}' is not a keyword that apply takes`, { position: task.position });
      }
      if (keyword.name !== 'vars') directives[keyword.field] = { value, position: task.position };
    }
  }
  return directives;
}

/** Where an included file is looked for: beside the including one, in the role's tasks, beside the playbook. */
function findTasks(name: string, task: Task, playbookDir: string): string {
  if (isAbsolute(name)) return name;
  const places = [
    resolve(dirname(task.file), name),
    ...(task.role === undefined
      ? []
      : [join(task.role.path, task.handler ? 'handlers' : 'tasks', name), join(task.role.path, name)]),
    join(playbookDir, name),
    join(playbookDir, 'tasks', name),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    throw new PlaybookError(`Could not find or access '${places[0]}' on the Ansible Controller.`, {
      position: task.position,
      hint: `searched: ${places.join(', ')}`,
      exitCode: 2,
    });
  }
  return found;
}

/** Carries out what outcomes ask to be included: all of it is brought in first, then it runs, group by group. */
export async function include(stage: Stage, site: TaskSite, outcomes: readonly HostOutcome[]): Promise<void> {
  const { engine, frame, task, identity } = site;
  const brought: { readonly step: string; readonly block: Block; readonly hosts: readonly string[] }[] = [];
  for (const [index, group] of groupIncludes(outcomes, (value) => engine.templar.text(value)).entries()) {
    const hosts = frame.run.hosts.alive(group.hosts);
    if (hosts.length === 0) continue;
    try {
      const { block, file } = await bring(engine, frame, task, group);
      frame.run.handlers.addRolesOf(block.body);
      engine.emit({ kind: 'included', task: identity, file, hosts, label: group.label });
      brought.push({ step: `${identity.address.slice(frame.address.length + 1)}:${index}`, block, hosts });
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      failInclude(site, error, group, hosts);
    }
  }
  for (const { step, block, hosts } of brought) await runNodes(stage, within(frame, step), block.body, hosts);
}

/** An include whose file is missing or wrong fails the hosts that asked for it. */
function failInclude(site: TaskSite, error: PlaybookError, group: IncludeGroup, hosts: readonly string[]): void {
  const { engine, frame, identity } = site;
  const wanted = group.what === 'tasks' ? { include: String(group.args['file'] ?? '') } : {};
  const result: TaskResult = { ...outcomeOf(error), data: { ...wanted, reason: error.message } };
  const { msg: _msg, ...registered } = asRegistered(result);
  const now = new Date().toISOString();
  for (const host of hosts) {
    engine.emit({
      kind: 'host-finished',
      loop: false,
      outcome: { task: identity, host, result, registered, duration: 0, started: now, ended: now },
    });
    frame.run.hosts.set(host, 'failed');
    frame.run.lastFailure.set(host, { task: identity, registered });
  }
}
