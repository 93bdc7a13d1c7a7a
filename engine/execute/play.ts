// One play: its hosts in batches, facts, sections in order, handlers between them.

import { PlaybookError, TroupeError } from '../model/errors.ts';
import type { Node, Play, Task } from '../model/playbook.ts';
import { type Dict, isDict, toJson, type Value } from '../model/value.ts';
import { toBool, toText } from '../module/schema.ts';
import { batchesOf, hostsOf } from './batches.ts';
import { runNodes } from './block.ts';
import { playContext } from './context.ts';
import { flushHandlers } from './flush.ts';
import { Handlers } from './handlers.ts';
import { type Frame, type Hosts, type PlayRun, within } from './state.ts';
import { runTask, type Stage } from './task.ts';

export interface PlayOutcome {
  /** The rest of the playbook does not run: every host of a batch is lost. */
  readonly stop: boolean;
}

/** Runs a play on its hosts. Throws PlaybookError, InventoryError, TemplateError for what concerns the play as a whole. */
export async function runPlay(stage: Stage, play: Play, hosts: Hosts, index: number): Promise<PlayOutcome> {
  const { engine } = stage;
  hosts.reviveEnded();
  const promptVars = await ask(stage, play);
  prime(stage, play, [], [], promptVars);
  const all = hostsOf(engine, play);
  engine.emit({
    kind: 'play-started',
    id: `${index}`,
    name: playName(stage, play),
    position: play.position,
    hosts: all,
    checkMode: engine.settings.checkMode,
  });
  if (all.length === 0) {
    engine.emit({ kind: 'no-hosts-matched', play: playName(stage, play) });
    return { stop: false };
  }
  engine.variables.load(all);
  const batches = batchesOf(engine, play, all);
  for (const [number, batch] of batches.entries()) {
    if (engine.signal.aborted) return { stop: true };
    const alive = hosts.alive(batch);
    if (alive.length === 0) continue;
    const run: PlayRun = {
      play,
      batch: alive,
      allHosts: all,
      hosts,
      handlers: new Handlers(play),
      completedRoles: new Set(),
      over: undefined,
      lastFailure: new Map(),
      address: `${index}.${number}`,
      flushes: 0,
    };
    await runBatch(stage, run, promptVars);
    if (hosts.alive(alive).length === 0 && alive.every((host) => hosts.of(host) !== 'ended')) return { stop: true };
    if (run.over === 'play')
      return { stop: alive.every((host) => hosts.of(host) !== 'ended' && hosts.of(host) !== 'alive') };
  }
  return { stop: false };
}

function prime(
  stage: Stage,
  play: Play,
  hosts: readonly string[],
  batch: readonly string[],
  prompted: Dict,
  remaining: readonly string[] = batch,
): void {
  stage.engine.variables.setPlay({ play, hosts, batch, remaining, prompted });
}

function playName(stage: Stage, play: Play): string {
  const raw = play.name?.value;
  if (raw === undefined || raw === null) {
    const hosts = play.hosts.value;
    return Array.isArray(hosts) ? hosts.map((host) => toText(toJson(host))).join(',') : toText(toJson(hosts));
  }
  try {
    return toText(toJson(stage.engine.templar.render(raw, playContext(stage.engine, play, 'localhost'))));
  } catch (error) {
    if (error instanceof TroupeError) return toText(toJson(raw));
    throw error;
  }
}

async function runBatch(stage: Stage, run: PlayRun, promptVars: Dict): Promise<void> {
  const { play, batch } = run;
  const tell = (): void => {
    const alive = run.hosts.alive(run.allHosts);
    const taking = batch.filter((host) => alive.includes(host));
    prime(stage, play, run.allHosts, taking, promptVars, alive);
  };
  tell();
  const frame: Frame = { run, address: run.address, rescuable: false, left: new Set() };
  await gatherFacts(stage, frame);
  const sections: [string, readonly Node[]][] = [
    ['pre', play.preTasks],
    ['main', [...play.roles, ...play.tasks]],
    ['post', play.postTasks],
  ];
  for (const role of play.roles) if (role.role !== undefined) run.handlers.addRole(role.role);
  for (const [name, nodes] of sections) {
    tell();
    await runNodes(stage, within(frame, name), nodes, batch);
    await flushSection(stage, frame, nodes.length > 0 || name === 'post');
  }
}

/** Handlers run after each section; on failed hosts too, when they are forced. */
async function flushSection(stage: Stage, frame: Frame, due: boolean): Promise<void> {
  const { run } = frame;
  if (!due || !run.handlers.waiting) return;
  const raw = run.play.directives['forceHandlers']?.value;
  const forced = toBool(toJson(raw ?? stage.engine.settings.forceHandlers)) ?? false;
  const failed = forced ? run.batch.filter((host) => run.hosts.of(host) === 'failed') : [];
  for (const host of failed) run.hosts.set(host, 'alive');
  if (forced && run.over === 'play') run.over = undefined;
  await flushHandlers(stage, frame, run.batch);
  for (const host of failed) if (run.hosts.of(host) === 'alive') run.hosts.set(host, 'failed');
}

/** vars_prompt: asked once a play, unless extra variables answer. */
async function ask(stage: Stage, play: Play): Promise<Dict> {
  const answers: Dict = new Map();
  const raw = play.directives['varsPrompt'];
  if (raw === undefined || !Array.isArray(raw.value)) return answers;
  const context = playContext(stage.engine, play, 'localhost');
  for (const entry of raw.value) {
    if (!isDict(entry))
      throw new PlaybookError('each entry of vars_prompt is a dictionary with a name', { position: raw.position });
    const name = toText(toJson(entry.get('name') ?? null));
    if (name === '') throw new PlaybookError('an entry of vars_prompt has no name', { position: raw.position });
    if (context.scope.get(name) !== undefined) continue;
    answers.set(name, await answer(stage, entry, name, (value) => stage.engine.templar.render(value, context)));
  }
  return answers;
}

async function answer(stage: Stage, entry: Dict, name: string, render: (value: Value) => Value): Promise<Value> {
  const flag = (key: string, usual: boolean): boolean => toBool(toJson(entry.get(key) ?? usual)) ?? usual;
  for (const key of ['encrypt', 'salt', 'salt_size']) {
    if (entry.has(key) && entry.get(key) !== null)
      throw new PlaybookError(`vars_prompt: '${key}' is not supported`, {
        hint: 'use the password_hash filter on the answer',
      });
  }
  const usual = entry.get('default');
  const initial = usual === undefined || usual === null ? undefined : toText(toJson(render(usual)));
  const prompt = `${toText(toJson(render(entry.get('prompt') ?? name)))}${initial === undefined ? '' : ` [${initial}]`}: `;
  const secret = flag('private', true);
  for (;;) {
    const text = await stage.engine.prompt(prompt, { echo: !secret });
    const value = text === undefined || text === '' ? (initial ?? '') : text;
    if (secret && value !== '') stage.engine.hide(value);
    if (!flag('confirm', false) || text === undefined) return value;
    if ((await stage.engine.prompt(`confirm ${prompt}`, { echo: !secret })) === text) return value;
  }
}

/** The play's first task, where it gathers facts. */
async function gatherFacts(stage: Stage, frame: Frame): Promise<void> {
  const { engine } = stage;
  const { run } = frame;
  const wanted = run.play.directives['gatherFacts']?.value;
  const { gathering, factsAction } = engine.settings;
  const context = playContext(engine, run.play, run.batch[0]!);
  const said =
    wanted === undefined || wanted === null ? undefined : toBool(toJson(engine.templar.render(wanted, context)));
  if (said === false || (said === undefined && gathering === 'explicit')) return;
  const missing =
    gathering === 'smart' ? run.batch.filter((host) => engine.variables.facts(host).size === 0) : run.batch;
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
    directives: { tags: { value: ['always'], position } },
    vars: new Map(),
    loop: undefined,
    handler: false,
    role: undefined,
    parent: undefined,
    file,
  };
  await runTask(stage, frame, task, hosts, 'facts');
}
