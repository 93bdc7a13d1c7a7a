// Trying again to reach a host, as often as the settings say, with growing pauses as Ansible makes them.

import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError, type ConnectionFault } from '../model/errors.ts';

/** Another try may go better; a wrong password, an unknown host key or a missing feature will not. */
const WORTH_ANOTHER_TRY: ReadonlySet<ConnectionFault> = new Set(['resolve', 'refused', 'timeout', 'lost']);
const LONGEST_PAUSE = 30_000;

/** Dials, and dials again at most `retries` times (`ansible_ssh_retries`). Throws the last ConnectionError. */
export async function redial<T>(
  retries: number,
  dial: () => Promise<T>,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await dial();
    } catch (error) {
      if (!(error instanceof ConnectionError) || !WORTH_ANOTHER_TRY.has(error.fault) || attempt >= retries) throw error;
      await pause(Math.min((2 ** attempt - 1) * 1000, LONGEST_PAUSE));
    }
  }
}
