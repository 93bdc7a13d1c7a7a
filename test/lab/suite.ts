// What every suite on real hosts begins with: whether it can run here, and how thorough it is to be.

import { describe } from 'vitest';
import { obstacle } from './tools.ts';

const reason = obstacle();

/** `make test-all`: the long forms of the suites, and those that run there only. */
export const thorough = process.env['TROUPE_ALL'] === '1';

/** A suite on real hosts; skipped, with the reason in its name, where there can be none. */
export function onRealHosts(title: string, body: () => void): void {
  describe.skipIf(reason !== undefined)(`${title}${reason === undefined ? '' : ` (skipped: ${reason})`}`, body);
}
