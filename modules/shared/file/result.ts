// How plans of the file module end: the script that changes also looks at what came of it, and the result tells that.

import type { JsonObject } from '../../../engine/model/value.ts';
import type { Action, Change, Observed, StepResult } from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { glanceAt, LOOK, readLook, register, type Seen, seenAt } from '../look.ts';

/** An action whose script ends with a look at the path. */
export function changing(changes: readonly Change[], script: Script, at: string, failure: string): Action {
  return {
    changes,
    step: {
      run: lines(guarded(script), glanceAt(sh`${at}`, { key: 'after', behind: true })),
      uses: [LOOK],
      failure,
    },
  };
}

function guarded(script: Script): Script {
  return `{\n${script}\n} || exit 1` as Script;
}

/** What the look at the end of an action saw, as registered keys. */
export function afterwards(output: StepResult | undefined): JsonObject {
  if (output === undefined) return {};
  return present(readLook(output), 'after');
}

/** The registered keys of what is at the path of a glance: none for a link that leads nowhere, as in Ansible. */
export function present(seen: Observed, key: string): JsonObject {
  const found = seenAt(seen, key);
  return found === undefined || leadsNowhere(found, seenAt(seen, `${key}>`)) ? {} : register(found.state);
}

/** Is it a link behind which there is nothing? */
export function leadsNowhere(found: Seen, behind: Seen | undefined): boolean {
  return found.state?.type === 'link' && behind?.state === undefined && behind?.unknown !== true;
}
