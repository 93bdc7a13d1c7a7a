// One play: its name and hosts, and its batches one after another.

import { PlaybookError, TemplateError } from '../model/errors.ts';
import type { Play } from '../model/playbook.ts';
import { type Dict, toJson } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import { runBatch } from './batch.ts';
import { batchesOf, hostsOf, inOrder } from './batches.ts';
import { playContext } from './context.ts';
import { Handlers } from './handlers.ts';
import { ask } from './prompt.ts';
import type { Hosts, PlayRun } from './state.ts';
import type { Stage } from './task.ts';

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
  const free = isFree(stage, play);
  const batches = batchesOf(engine, play, inOrder(engine, play, all));
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
      free,
      address: `${index}.${number}`,
      flushes: new Map(),
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

/** Does each host go at its own pace? Throws PlaybookError for a strategy that is not known. */
function isFree(stage: Stage, play: Play): boolean {
  const { engine } = stage;
  const raw = play.directives['strategy'];
  const name =
    raw === undefined
      ? engine.settings.strategy
      : toText(toJson(engine.templar.render(raw.value, playContext(engine, play, 'localhost'))));
  // Names of others' plugins (mitogen_linear) say which of the two they speed up.
  if (/(?:^|[._])(?:free|host_pinned)$/.test(name)) return true;
  if (/(?:^|[._])(?:linear|debug)$/.test(name)) return false;
  throw new PlaybookError(`Invalid play strategy specified: ${name}`, {
    position: raw?.position ?? play.position,
    hint: 'one of linear, free, host_pinned',
    exitCode: 1,
  });
}
