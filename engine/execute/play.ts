// One play: its hosts in batches, facts, sections in order, handlers between them.

import { PlaybookError, TemplateError } from '../model/errors.ts';
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
  prime(stage, play, promptVars);
  const all = hostsOf(engine, play);
  engine.variables.load(all);
  const announce = (id: string): void =>
    engine.emit({
      kind: 'play-started',
      id,
      name: playName(stage, play),
      position: play.position,
      hosts: all,
      checkMode: engine.settings.checkMode,
    });
  if (all.length === 0) {
    announce(`${index}`);
    engine.emit({ kind: 'no-hosts-matched', play: playName(stage, play) });
    return { stop: false };
  }
  const batches = batchesOf(engine, play, all);
  for (const [number, batch] of batches.entries()) {
    if (engine.signal.aborted) return { stop: true };
    announce(`${index}.${number}`);
    const alive = hosts.alive(batch);
    if (alive.length === 0) continue;
    const run: PlayRun = {
      play,
      batch: alive,
      allHosts: all,
      hosts,
      handlers: new Handlers(play),
      completedRoles: new Set(),
      begunRoles: new Set(),
      over: undefined,
      lastFailure: new Map(),
      swept: new Set(),
      address: `${index}.${number}`,
      flushes: 0,
    };
    await runBatch(stage, run, promptVars);
    engine.emit({ kind: 'batch-finished', failed: hosts.in('failed'), unreachable: hosts.in('unreachable') });
    if (hosts.alive(alive).length === 0 && alive.every((host) => hosts.of(host) !== 'ended')) return { stop: true };
    if (run.over === 'play')
      return { stop: alive.every((host) => hosts.of(host) !== 'ended' && hosts.of(host) !== 'alive') };
  }
  return { stop: false };
}

/** What the variables know of the play before its hosts are known. */
function prime(stage: Stage, play: Play, prompted: Dict): void {
  stage.engine.variables.setPlay({ play, hosts: [], batch: [], remaining: [], prompted });
}

function playName(stage: Stage, play: Play): string {
  const named = play.name?.value ?? play.hosts.value;
  try {
    const value = stage.engine.templar.render(named, playContext(stage.engine, play, 'localhost'));
    return Array.isArray(value) ? value.map((host) => toText(toJson(host))).join(',') : toText(toJson(value));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new PlaybookError(`Error processing keyword 'name': ${error.message}`, {
      position: error.position ?? play.position,
      cause: error,
    });
  }
}

async function runBatch(stage: Stage, run: PlayRun, promptVars: Dict): Promise<void> {
  const { play, batch, allHosts, hosts } = run;
  stage.engine.variables.setPlay({
    play,
    hosts: allHosts,
    // Asked for anew each time: a host that failed a moment ago is not among them.
    get batch() {
      return hosts.alive(batch);
    },
    get remaining() {
      return hosts.alive(allHosts);
    },
    prompted: promptVars,
  });
  const frame: Frame = { run, address: run.address, rescuable: false, left: new Set() };
  await gatherFacts(stage, frame);
  const sections: [string, readonly Node[]][] = [
    ['pre', play.preTasks],
    ['main', [...play.roles, ...play.tasks]],
    ['post', play.postTasks],
  ];
  for (const [name, nodes] of sections) {
    await runNodes(stage, within(frame, name), nodes, batch);
    await flushSection(stage, frame, nodes.length > 0 || name === 'post');
  }
}

/** Handlers run after each section; on failed hosts too, when they are forced. */
async function flushSection(stage: Stage, frame: Frame, due: boolean): Promise<void> {
  const { run } = frame;
  if (!due || !run.handlers.waiting(run.batch)) return;
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
