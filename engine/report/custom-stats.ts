// What set_stats gathered: per host, and for the run. The executor has aggregated already; the last word stands.

import { byCodePoint } from '../model/json-text.ts';
import type { JsonObject } from '../model/value.ts';

export class CustomStats {
  readonly #hosts = new Map<string, JsonObject>();
  #run: JsonObject | undefined;

  add(host: string | undefined, data: JsonObject): void {
    if (host === undefined) this.#run = { ...this.#run, ...data };
    else this.#hosts.set(host, { ...this.#hosts.get(host), ...data });
  }

  get any(): boolean {
    return this.#run !== undefined || this.#hosts.size > 0;
  }

  perHost(): readonly (readonly [string, JsonObject])[] {
    return [...this.#hosts].sort(([a], [b]) => byCodePoint(a, b));
  }

  global(): JsonObject | undefined {
    return this.#run;
  }
}
