// What follows from a changed resource by the way systems are built, whichever module changes it: a unit file makes a
// unit, an init script a service, a user a group of its name.

import { ABSENT, type Bring, type Change } from '../model/resource.ts';

const UNIT_FOLDERS = /^file:(?:\/etc|\/usr\/lib|\/lib|\/usr\/local\/lib)\/systemd\/system\/([^/]+\.[a-z]+)$/;
const INIT_SCRIPT = /^file:\/etc\/(?:rc\.d\/)?init\.d\/([^/]+)$/;
const PROGRAM = /^file:\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/;

/** Resources that come along with a change. */
export function derive(change: Change): Bring[] {
  if (change.after === ABSENT) return [];
  const unit = UNIT_FOLDERS.exec(change.of)?.[1];
  if (unit !== undefined) return [{ of: `unit:${unit}`, as: { active: 'inactive', enabled: 'disabled' }, sure: true }];
  const script = INIT_SCRIPT.exec(change.of)?.[1];
  if (script !== undefined)
    return [{ of: `unit:${script}.service`, as: { active: 'inactive', enabled: 'disabled' }, sure: true }];
  const program = PROGRAM.exec(change.of)?.[1];
  if (program !== undefined)
    return [{ of: `command:${program}`, as: { path: change.of.slice('file:'.length) }, sure: true }];
  return [];
}
