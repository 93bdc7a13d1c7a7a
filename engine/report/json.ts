// The whole run as one JSON document at its end: the shape of ansible.posix's `json` callback, which other programs read.

import type { Event, HostResult, TaskIdentity } from '../model/event.ts';
import { jsonText } from '../model/json-text.ts';
import type { Json, JsonObject } from '../model/value.ts';
import { CustomStats } from './custom-stats.ts';
import type { Listener, Screen } from './listener.ts';
import type { Notices } from './notices.ts';
import { Tally } from './tally.ts';

interface TaskRecord {
  readonly task: TaskIdentity;
  readonly start: string;
  end: string;
  readonly hosts: Map<string, JsonObject>;
}

interface PlayRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly start: string;
  end: string;
  readonly tasks: Map<string, TaskRecord>;
}

export class JsonReport implements Listener {
  readonly #screen: Screen;
  readonly #notices: Notices;
  readonly #now: () => string;
  readonly #plays: PlayRecord[] = [];
  readonly #tally = new Tally();
  readonly #stats = new CustomStats();

  /** `now` gives ISO 8601 in UTC. */
  constructor(screen: Screen, notices: Notices, now: () => string) {
    this.#screen = screen;
    this.#notices = notices;
    this.#now = now;
  }

  hear(event: Event): void {
    this.#tally.hear(event);
    switch (event.kind) {
      case 'play-started': {
        const start = this.#now();
        const path = `${event.position.file}:${event.position.line}`;
        this.#plays.push({ id: event.id, name: event.name, path, start, end: start, tasks: new Map() });
        return;
      }
      case 'task-started':
        if (!event.task.free) this.#task(event.task);
        return;
      case 'host-started':
        if (event.task.free) this.#task(event.task, event.host);
        return;
      case 'host-finished':
        this.#record(event.outcome);
        return;
      case 'stats-set':
        this.#stats.add(event.host, event.data);
        return;
      case 'warned':
        this.#notices.warn(event.message, event.position);
        return;
      case 'deprecated':
        this.#notices.deprecate(event.message, event.position);
        return;
      case 'run-finished':
        this.#screen.out(`${jsonText(this.#document(), { indent: 4, sortKeys: true })}\n`);
        return;
      default:
        return;
    }
  }

  /** The record of a task; where hosts are not in step, of the task on that host. */
  #task(task: TaskIdentity, host = ''): TaskRecord | undefined {
    const play = this.#plays.at(-1);
    if (play === undefined) return undefined;
    const key = task.free ? `${task.address} ${host}` : task.address;
    let record = play.tasks.get(key);
    if (record === undefined) {
      const start = this.#now();
      record = { task, start, end: start, hosts: new Map() };
      play.tasks.set(key, record);
    }
    return record;
  }

  #record(outcome: HostResult): void {
    const record = this.#task(outcome.task, outcome.host);
    if (record === undefined) return;
    const end = this.#now();
    record.end = end;
    this.#plays.at(-1)!.end = end;
    record.hosts.set(outcome.host, { ...shown(outcome), action: outcome.task.action });
  }

  #document(): JsonObject {
    const stats: Record<string, Json> = {};
    for (const host of this.#tally.hosts()) {
      const { failed, foreseen: _foreseen, unknown: _unknown, ...counts } = this.#tally.of(host);
      stats[host] = { ...counts, failures: failed };
    }
    return {
      custom_stats: Object.fromEntries(this.#stats.perHost()),
      global_custom_stats: this.#stats.global() ?? {},
      plays: this.#plays.map(playDocument),
      stats,
    };
  }
}

function playDocument(play: PlayRecord): JsonObject {
  return {
    play: { duration: { end: play.end, start: play.start }, id: play.id, name: play.name, path: play.path },
    tasks: [...play.tasks.values()].map((record) => ({
      hosts: Object.fromEntries(record.hosts),
      task: {
        duration: { end: record.end, start: record.start },
        id: record.task.address,
        name: record.task.name,
        path: `${record.task.position.file}:${record.task.position.line}`,
      },
    })),
  };
}

/** The callback shows `failed` and `skipped` only where they hold. */
function shown(outcome: HostResult): JsonObject {
  return Object.fromEntries(
    Object.entries(outcome.registered).filter(
      ([key, value]) => !(value === false && (key === 'failed' || key === 'skipped' || key === 'unreachable')),
    ),
  );
}
