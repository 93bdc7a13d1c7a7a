// Keeps secrets out of every report: events pass here once, before the first listener, and every registered text in
// them becomes stars, also where a secret is cut in two by the chunks in which output arrives.

import type { Event, HostResult, TaskIdentity } from '../model/event.ts';
import { Float, type Json, type JsonObject } from '../model/value.ts';

export const STARS = '********';
/** Shorter secrets are hidden only where they are the whole text: replacing every `a` would hide nothing and spoil all. */
const SHORTEST = 3;
/** Keys that every result has: no secret, even where one is spelt like them. */
const OURS = new Set([
  'changed',
  'failed',
  'skipped',
  'unreachable',
  'msg',
  'results',
  'censored',
  'rc',
  'stdout',
  'stderr',
  'diff',
]);

export class Redactor {
  readonly #short = new Set<string>();
  readonly #long = new Set<string>();
  #pattern: RegExp | undefined;
  /** Ends of output that may be the beginning of a secret, by task, host and stream. */
  readonly #held = new Map<string, Extract<Event, { kind: 'output' }>>();

  /** Registers a secret; '' is none. Its JSON form is hidden too, and each long line of one with several lines. */
  add(secret: string): void {
    if (secret === '' || secret === STARS) return;
    if (secret.length < SHORTEST) {
      this.#short.add(secret);
      return;
    }
    this.#long.add(secret);
    const quoted = JSON.stringify(secret).slice(1, -1);
    if (quoted !== secret) this.#long.add(quoted);
    for (const line of secret.split(/\r?\n/)) if (line.length >= 8) this.#long.add(line);
    this.#pattern = undefined;
  }

  /** The text with every secret in it replaced. */
  text(text: string): string {
    if (this.#short.has(text)) return STARS;
    const pattern = this.#secrets();
    return pattern === undefined ? text : text.replace(pattern, STARS);
  }

  /** JSON with secrets replaced in all text, also in keys and in numbers that are a secret. */
  json<T extends Json>(value: T): T {
    return this.#walk(value) as T;
  }

  /** The event without secrets, and before it output that was held back and cannot be part of one any more. */
  events(event: Event): readonly Event[] {
    if (this.#long.size === 0 && this.#short.size === 0) return [event];
    if (event.kind === 'output') return this.#output(event);
    const released = event.kind === 'host-finished' ? this.#release(event.outcome.task, event.outcome.host) : [];
    return [...released, this.#event(event)];
  }

  #event(event: Exclude<Event, { kind: 'output' }>): Event {
    switch (event.kind) {
      case 'task-started':
      case 'host-started':
      case 'async-polled':
      case 'rescued':
        return { ...event, task: this.#task(event.task) };
      case 'item-finished':
        return {
          ...event,
          task: this.#task(event.task),
          label: this.text(event.label),
          item: this.#outcome(event.item),
        };
      case 'host-finished':
        return { ...event, outcome: this.#outcome(event.outcome) };
      case 'retrying':
        return { ...event, task: this.#task(event.task), result: this.json(event.result) };
      case 'included': {
        const label = event.label === undefined ? {} : { label: this.text(event.label) };
        return { ...event, task: this.#task(event.task), ...label };
      }
      case 'warned':
      case 'deprecated':
      case 'noted':
        return { ...event, message: this.text(event.message) };
      case 'stats-set':
        return { ...event, data: this.json(event.data) };
      case 'play-started':
        return { ...event, name: this.text(event.name) };
      default:
        return event;
    }
  }

  #task(task: TaskIdentity): TaskIdentity {
    return {
      ...task,
      name: this.text(task.name),
      ...(task.args === undefined ? {} : { args: this.json(task.args) }),
    };
  }

  #outcome(outcome: HostResult): HostResult {
    const { status: _status, certainty: _certainty, ...rest } = outcome.result;
    const shown = this.#walkOwn(rest as unknown as JsonObject) as unknown as HostResult['result'];
    return {
      ...outcome,
      task: this.#task(outcome.task),
      registered: this.json(outcome.registered),
      result: { ...shown, status: outcome.result.status, certainty: outcome.result.certainty } as HostResult['result'],
    };
  }

  /** Our own objects: their keys are ours, their values are not. */
  #walkOwn(object: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, this.#walk(item)]));
  }

  #walk(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' || typeof value === 'bigint') {
      const text = String(value);
      return this.#long.has(text) ? STARS : value;
    }
    if (value === null || typeof value !== 'object' || value instanceof Float) return value;
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    const proto = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null) return value;
    return Object.fromEntries(
      Object.entries(value as JsonObject)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [OURS.has(key) ? key : this.text(key), this.#walk(item)]),
    );
  }

  #output(event: Extract<Event, { kind: 'output' }>): readonly Event[] {
    const key = `${event.task.address}\0${event.host}\0${event.stream}`;
    const text = (this.#held.get(key)?.text ?? '') + event.text;
    const from = this.#openEnd(text);
    if (from < text.length) this.#held.set(key, { ...event, text: text.slice(from) });
    else this.#held.delete(key);
    return from === 0 ? [] : [this.#shownOutput(event, text.slice(0, from))];
  }

  #shownOutput(event: Extract<Event, { kind: 'output' }>, text: string): Event {
    return { ...event, task: this.#task(event.task), text: this.text(text) };
  }

  #release(task: TaskIdentity, host: string): readonly Event[] {
    const released: Event[] = [];
    for (const stream of ['out', 'err']) {
      const key = `${task.address}\0${host}\0${stream}`;
      const held = this.#held.get(key);
      if (held === undefined) continue;
      this.#held.delete(key);
      released.push(this.#shownOutput(held, held.text));
    }
    return released;
  }

  /** Where the longest end of the text begins that a secret could go on from; secrets that are whole are passed over. */
  #openEnd(text: string): number {
    let whole = 0;
    const pattern = this.#secrets();
    if (pattern !== undefined) for (const match of text.matchAll(pattern)) whole = match.index + match[0].length;
    const longest = Math.max(0, ...[...this.#long].map((secret) => secret.length - 1));
    for (let from = Math.max(whole, text.length - longest); from < text.length; from++) {
      const end = text.slice(from);
      for (const secret of this.#long) if (secret.length > end.length && secret.startsWith(end)) return from;
    }
    return text.length;
  }

  #secrets(): RegExp | undefined {
    if (this.#long.size === 0) return undefined;
    this.#pattern ??= new RegExp(
      [...this.#long]
        .sort((a, b) => b.length - a.length)
        .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return this.#pattern;
  }
}
