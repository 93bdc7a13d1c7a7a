// What a report is: something that hears events and writes to a screen that it is handed. It holds no stream of its own.

import type { Event } from '../model/event.ts';

export interface Listener {
  hear(event: Event): void;
  /** Called once after the last event. */
  close?(): void;
}

/** Where a report writes. Text comes in whole lines, newline included. */
export interface Screen {
  out(text: string): void;
  err(text: string): void;
  /** Columns that a banner fills; 79 where no terminal is wider, as in Ansible. */
  readonly width: number;
  readonly colourOut: boolean;
  readonly colourErr: boolean;
}

/** Lines of a source file, for excerpts; undefined when it cannot be read. */
export type ReadLines = (file: string) => readonly string[] | undefined;
