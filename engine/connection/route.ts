// The links to one login: a few shells on each, and another link when all are full. Connections that differ only in whom
// they become share a route.

import pLimit from 'p-limit';
import { ConnectionError } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';
import { redial } from './redial.ts';
import { Crowded, type Link, type OpenOptions, SHELLS_A_LOGIN, type Shell, type Transport } from './transport.ts';

/** sshd's MaxStartups begins to refuse at ten unfinished logins. */
const DIALS_AT_ONCE = 4;

interface Lane {
  readonly link: Promise<Link>;
  /** Shells open or being opened. */
  used: number;
  capacity: number;
  /** No new shells: closed as soon as the last one ends. */
  retired: boolean;
}

export class Route {
  readonly #spec: ConnectionSpec;
  readonly #transport: Transport;
  readonly #limit = pLimit(DIALS_AT_ONCE);
  #lanes: Lane[] = [];

  constructor(spec: ConnectionSpec, transport: Transport) {
    this.#spec = spec;
    this.#transport = transport;
  }

  /** Starts a program on the host, over a link that has room. Throws ConnectionError. */
  async open(argv: readonly string[], options: OpenOptions = {}): Promise<Shell> {
    for (;;) {
      const lane = this.#lane();
      lane.used++;
      try {
        const shell = await (await lane.link).open(argv, options);
        void shell.ended.then(() => this.#leave(lane));
        return shell;
      } catch (error) {
        this.#leave(lane);
        if (!(error instanceof Crowded)) throw error;
        lane.capacity = lane.used;
        if (lane.used === 0) {
          this.#retire(lane);
          throw new ConnectionError('refused', `${this.#spec.host} refuses to open a session: ${error.message}`);
        }
      }
    }
  }

  /** A TCP connection from the host's place. Throws ConnectionError. */
  async forward(host: string, port: number): ReturnType<Link['forward']> {
    const lane = this.#lanes.find((candidate) => !candidate.retired) ?? this.#lane();
    return (await lane.link).forward(host, port);
  }

  /** No new shells over the links that there are. */
  renew(): void {
    for (const lane of [...this.#lanes]) this.#retire(lane);
  }

  close(): void {
    for (const lane of this.#lanes) void lane.link.then((link) => link.close()).catch(() => {});
    this.#lanes = [];
  }

  #lane(): Lane {
    const free = this.#lanes.find((lane) => !lane.retired && lane.used < lane.capacity);
    if (free !== undefined) return free;
    const lane: Lane = {
      link: this.#limit(() => redial(this.#spec.retries, () => this.#transport.dial(this.#spec))),
      used: 0,
      // Known once it is up; those who come meanwhile share it as if it were an ordinary ssh connection.
      capacity: SHELLS_A_LOGIN,
      retired: false,
    };
    this.#lanes.push(lane);
    lane.link.then(
      (link) => {
        lane.capacity = link.capacity;
      },
      () => this.#remove(lane),
    );
    return lane;
  }

  #leave(lane: Lane): void {
    lane.used--;
    void lane.link.then(
      (link) => {
        if (link.lost !== undefined) this.#retire(lane);
        else if (lane.retired && lane.used === 0) link.close();
      },
      () => {},
    );
  }

  #retire(lane: Lane): void {
    lane.retired = true;
    this.#remove(lane);
    void lane.link
      .then((link) => {
        if (lane.used === 0 || link.lost !== undefined) link.close();
      })
      .catch(() => {});
  }

  #remove(lane: Lane): void {
    this.#lanes = this.#lanes.filter((other) => other !== lane);
  }
}
