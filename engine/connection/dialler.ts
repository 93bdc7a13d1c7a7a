// The one place that holds connections: a connection for every spec, a route for every login.

import { ConnectionError } from '../model/errors.ts';
import type { Connection, ConnectionSpec, Dialler } from './contract.ts';
import { PooledConnection } from './pool.ts';
import { transportOf } from './registry.ts';
import { Route } from './route.ts';
import type { Transport } from './transport.ts';

/** Connects hosts through the transports of the registry, or through those handed in. */
export function createDialler(choose: (spec: ConnectionSpec) => Transport = transportOf): Dialler {
  return new PoolingDialler(choose);
}

class PoolingDialler implements Dialler {
  readonly #choose: (spec: ConnectionSpec) => Transport;
  readonly #connections = new Map<string, PooledConnection>();
  /** The same by the spec as it was written: most tasks ask with the very words of the one before. */
  readonly #known = new Map<string, PooledConnection>();
  readonly #routes = new Map<string, { readonly host: string; readonly route: Route }>();

  constructor(choose: (spec: ConnectionSpec) => Transport) {
    this.#choose = choose;
  }

  async connect(spec: ConnectionSpec, signal?: AbortSignal): Promise<Connection> {
    const words = JSON.stringify(spec);
    const connection = this.#known.get(words) ?? this.#connection(spec);
    this.#known.set(words, connection);
    await unlessAborted(connection.ready(), signal);
    return connection;
  }

  async reset(host: string): Promise<void> {
    for (const connection of this.#connections.values()) if (connection.spec.host === host) await connection.close();
    for (const entry of this.#routes.values()) if (entry.host === host) entry.route.close();
  }

  renew(host: string): void {
    for (const connection of this.#connections.values()) if (connection.spec.host === host) connection.renew();
    for (const entry of this.#routes.values()) if (entry.host === host) entry.route.renew();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.values()) await connection.close();
    for (const { route } of this.#routes.values()) route.close();
    this.#connections.clear();
    this.#known.clear();
    this.#routes.clear();
  }

  #connection(spec: ConnectionSpec): PooledConnection {
    const key = JSON.stringify(spec, ordered);
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      connection = new PooledConnection(spec, this.#route(spec));
      this.#connections.set(key, connection);
    }
    return connection;
  }

  #route(spec: ConnectionSpec): Route {
    const key = JSON.stringify({ ...spec, become: undefined }, ordered);
    let entry = this.#routes.get(key);
    if (entry === undefined) {
      entry = { host: spec.host, route: new Route(spec, this.#choose(spec)) };
      this.#routes.set(key, entry);
    }
    return entry.route;
  }
}

/** A replacer that makes equal specs equal text. */
function ordered(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new ConnectionError('lost', 'interrupted while connecting'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
