// A whole run: playbooks one after another, with one state of hosts. It ends in events; nothing is returned but whether
// it was interrupted.

import pLimit from 'p-limit';
import type { Engine, PlaybookRun } from './engine.ts';
import { runPlay } from './play.ts';
import { Hosts } from './state.ts';
import type { Seam, Stage } from './task.ts';

export interface RunOutcome {
  /** The user stopped it with Ctrl-C. */
  readonly interrupted: boolean;
}

/**
 * Plays playbooks. Throws PlaybookError, InventoryError or TemplateError for what concerns a play as a whole; what goes
 * wrong on a host is told by events.
 */
export async function runPlaybooks(engine: Engine, playbooks: readonly PlaybookRun[]): Promise<RunOutcome> {
  const { settings } = engine;
  const stage: Stage = { engine, forks: pLimit(Math.max(1, settings.forks)), seam: seamFor(settings.startAtTask) };
  const hosts = new Hosts();
  engine.emit({
    kind: 'run-started',
    playbooks: playbooks.map((playbook) => playbook.file),
    checkMode: settings.checkMode,
  });
  let index = 0;
  for (const { file, plays } of playbooks) {
    engine.emit({ kind: 'playbook-started', file, plays: plays.length });
    for (const play of plays) {
      if (engine.signal.aborted) break;
      const { stop } = await runPlay(stage, play, hosts, index++);
      if (stop) break;
    }
  }
  if (!stage.seam.started && !engine.signal.aborted) {
    const message = `No matching task "${settings.startAtTask}" found. Note: --start-at-task can only follow static includes.`;
    engine.emit({ kind: 'warned', message });
  }
  return { interrupted: engine.signal.aborted };
}

/** --start-at-task: passes all tasks by until one whose name matches. */
function seamFor(startAt: string | undefined): Seam {
  let started = startAt === undefined;
  const pattern = startAt === undefined ? undefined : wildcard(startAt);
  return {
    get started() {
      return started;
    },
    passes(address, name) {
      // Facts are gathered all the same: the tasks that follow may need them.
      if (started || address.endsWith('/facts')) return false;
      started = pattern!.test(name) || pattern!.test(name.replace(/^.* : /, ''));
      return !started;
    },
  };
}

/** A shell pattern as a regular expression. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}
