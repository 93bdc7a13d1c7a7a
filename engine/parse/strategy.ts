// Strategies by name. Mitogen's order hosts and tasks as those they are named after, and its speed is the engine's own.

import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';

const KNOWN = /^(?:(?:ansible\.(?:builtin|legacy)|serverscom\.mitogen)\.)?(?:mitogen_)?(?:linear|free|host_pinned)$/;

/** Throws PlaybookError (exit code 1) for a strategy that there is not. */
export function refuseStrategy(name: string, position?: Position): void {
  if (KNOWN.test(name)) return;
  throw new PlaybookError(`Invalid play strategy specified: ${name}`, {
    position,
    exitCode: 1,
    hint: 'A strategy is one of: linear, free, host_pinned.',
  });
}
