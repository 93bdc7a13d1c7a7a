// Playing a playbook on a lab's hosts from a test: the command itself, inside the lab's network, with its events kept. What a
// host-task did is read from them, by its address.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Event, HostResult } from '../../engine/model/event.ts';
import type { TaskResult } from '../../engine/model/result.ts';
import type { Lab } from './lab.ts';

const top = resolve(import.meta.dirname, '../..');

export interface Played {
  readonly rc: number;
  /** What it printed. */
  readonly text: string;
  readonly events: readonly Event[];
}

/** One execution: of a task on a host, or for one item of a loop there. */
export interface Told {
  /** Address, host and name. */
  readonly key: string;
  readonly name: string;
  readonly host: string;
  readonly action: string;
  readonly result: TaskResult;
  readonly outcome: HostResult;
}

/** Plays on the hosts of one lab. */
export class Player {
  readonly #lab: Lab;
  readonly #folder = mkdtempSync(join(tmpdir(), 'troupe-played-'));
  #count = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Plays with these words of the command line; the lab's inventory comes first. An exit code is an answer. */
  async play(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Played> {
    const events = join(this.#folder, `${++this.#count}.jsonl`);
    const program = [process.execPath, join(top, 'dist/test/lab/player.js'), events];
    const ran = await this.#lab.run([...program, '-i', this.#lab.inventory(), ...words], {
      tolerate: true,
      env: { ...process.env, ...environment },
    });
    return { rc: ran.rc, text: `${ran.stdout}${ran.stderr}`, events: readEvents(events) };
  }

  /** Removes what was kept. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Reads a file of events, one a line. */
export function readEvents(file: string): Event[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Event);
}

/** Every execution in order: items of loops one by one, a loop's sum not. */
export function executions(events: readonly Event[]): Told[] {
  return events.flatMap((event) => {
    if (event.kind === 'item-finished') return [told(event.address, event.item)];
    if (event.kind === 'host-finished' && !event.loop) return [told(event.outcome.task.address, event.outcome)];
    return [];
  });
}

function told(address: string, outcome: HostResult): Told {
  const { task, host, result } = outcome;
  return { key: `${address} ${host} ${task.name}`, name: task.name, host, action: task.action, result, outcome };
}

/** The executions that changed something, or of which a dry run says that they would. */
export function changed(events: readonly Event[]): Set<string> {
  const isChange = ({ status, ...rest }: TaskResult): boolean =>
    status === 'changed' || (status === 'skipped' && 'foretold' in rest && rest.foretold === 'changed');
  return new Set(
    executions(events)
      .filter(({ result }) => isChange(result))
      .map(({ key }) => key),
  );
}

export interface Agreement {
  /** |both| / |either|. */
  readonly share: number;
  readonly foretold: number;
  readonly made: number;
  readonly both: number;
  /** What the real run changed and the dry run did not foretell, and the other way round. */
  readonly told: string;
}

/** How far a dry run foretold the changes of the real run that followed. */
export function agreement(dry: Pick<Played, 'events'>, real: Pick<Played, 'events'>): Agreement {
  const [foretold, made] = [changed(dry.events), changed(real.events)];
  const either = new Set([...foretold, ...made]);
  const missed = [...made].filter((task) => !foretold.has(task));
  const vain = [...foretold].filter((task) => !made.has(task));
  const both = either.size - missed.length - vain.length;
  return {
    share: either.size === 0 ? 1 : both / either.size,
    foretold: foretold.size,
    made: made.size,
    both,
    told: `${either.size} changed host-tasks; missed: ${missed.join('; ') || 'none'}; foretold in vain: ${vain.join('; ') || 'none'}`,
  };
}

/** Executions that took more round trips than `most`, as lines to show. */
export function busier(events: readonly Event[], most: number): string[] {
  return executions(events)
    .filter(({ result }) => (result.trips ?? 0) > most)
    .map(({ key, result }) => `${key}: ${result.trips} trips`);
}
