// The line at the bottom of a terminal: which hosts are still at what, and for how long. It exists only on a terminal,
// and steps aside while other text is written.

import type { Ora } from 'ora';
import type { Event } from '../model/event.ts';
import type { Listener, Screen } from './listener.ts';

/** Hosts named on the line; more are counted. */
const NAMED = 4;

export class LiveLine implements Listener {
  readonly #spinner: Ora;
  readonly #now: () => number;
  readonly #columns: () => number;
  readonly #at = new Map<string, { readonly task: string; readonly since: number }>();
  #timer: NodeJS.Timeout | undefined;
  #output = '';

  /** `now` in milliseconds. The spinner must not discard input, which a prompt may want. */
  constructor(spinner: Ora, now: () => number, columns: () => number) {
    this.#spinner = spinner;
    this.#now = now;
    this.#columns = columns;
  }

  hear(event: Event): void {
    switch (event.kind) {
      case 'host-started':
        this.#at.set(event.host, { task: event.task.name, since: this.#now() });
        break;
      case 'host-finished':
        this.#at.delete(event.outcome.host);
        this.#output = '';
        break;
      case 'output':
        this.#output = event.text.trimEnd().split('\n').at(-1)?.trim() ?? '';
        break;
      case 'play-started':
      case 'run-finished':
        this.#at.clear();
        break;
      default:
        return;
    }
    if (event.kind === 'run-finished') this.close();
    else this.#show();
  }

  /** Takes the line away until something happens again: a prompt needs the place. */
  hide(): void {
    if (this.#spinner.isSpinning) this.#spinner.stop();
    if (this.#timer !== undefined) clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.hide();
  }

  /** The screen whose writes step over the line. */
  wrap(screen: Screen): Screen {
    const over = (write: (text: string) => void) => (text: string) => {
      const shown = this.#spinner.isSpinning;
      if (shown) this.#spinner.stop();
      write(text);
      if (shown) this.#show();
    };
    return {
      out: over((text) => screen.out(text)),
      err: over((text) => screen.err(text)),
      width: screen.width,
      colourOut: screen.colourOut,
      colourErr: screen.colourErr,
    };
  }

  #show(): void {
    if (this.#at.size === 0) {
      this.hide();
      return;
    }
    this.#spinner.text = this.text();
    if (!this.#spinner.isSpinning) this.#spinner.start();
    this.#timer ??= setInterval(() => this.#refresh(), 1000).unref();
  }

  #refresh(): void {
    if (this.#spinner.isSpinning) this.#spinner.text = this.text();
  }

  /** `task: host 3s, host 1s and 5 more`, cut to the terminal. */
  text(): string {
    const hosts = [...this.#at].slice(0, NAMED).map(([host, { since }]) => `${host} ${seconds(this.#now() - since)}`);
    const more = this.#at.size > NAMED ? ` and ${this.#at.size - NAMED} more` : '';
    const task = this.#at.values().next().value?.task ?? '';
    const output = this.#output === '' ? '' : ` | ${this.#output}`;
    const text = `${task}: ${hosts.join(', ')}${more}${output}`;
    const room = Math.max(20, this.#columns() - 4);
    return text.length > room ? `${text.slice(0, room - 3)}...` : text;
  }
}

function seconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}
