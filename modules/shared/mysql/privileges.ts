// Privileges of MySQL accounts: as the task writes them, as SHOW GRANTS tells them, and the statements between the two.

import { Float, type Json } from '../../../engine/model/value.ts';
import { ModuleFailure } from '../../../engine/module/contract.ts';

/** Privileges by object (`db`.`table` as `db.table`), in capitals; columns stay as written. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>;

/** `db.*:SELECT,INSERT/other.t:ALL`, or a dict of the same. Throws ModuleFailure. */
export function parsePrivileges(given: Json | undefined): Privileges {
  if (given === undefined || given === null) return new Map();
  const pairs: [string, string][] =
    typeof given === 'object' && !Array.isArray(given) && !(given instanceof Float)
      ? Object.entries(given).map(([object, privileges]) => [object, String(privileges)])
      : String(given)
          .trim()
          .split('/')
          .map((part) => {
            const at = part.lastIndexOf(':');
            if (at < 0) throw new ModuleFailure(`invalid privileges string: '${part}' has no ':'`);
            return [part.slice(0, at), part.slice(at + 1)];
          });
  const found = new Map<string, Set<string>>();
  for (const [object, text] of pairs) {
    const name = objectName(object);
    const set = found.get(name) ?? new Set<string>();
    for (const privilege of splitList(text)) set.add(normal(privilege));
    if (set.has('REQUIRESSL'))
      throw new ModuleFailure('REQUIRESSL is not supported as a privilege: use the server to require TLS');
    found.set(name, set);
  }
  return found;
}

/** `*.*`, `db.*`, `db.table`, without quotes. A bare name is a database. */
function objectName(text: string): string {
  const match = /^\s*(?:`((?:[^`]|``)*)`|([^.`]*))(?:\.(?:`((?:[^`]|``)*)`|(.*)))?\s*$/.exec(text);
  if (match === null) return text.trim();
  const database = (match[1]?.replaceAll('``', '`') ?? match[2] ?? '').trim();
  const table = (match[3]?.replaceAll('``', '`') ?? match[4] ?? '*').trim();
  return `${database}.${table}`;
}

/** Splits at commas that are not in brackets. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const sign of text) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (sign === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += sign;
  }
  return [...parts, part].map((one) => one.trim()).filter((one) => one !== '');
}

function normal(privilege: string): string {
  const columns = /^([A-Za-z ]+?)\s*\((.*)\)$/.exec(privilege);
  if (columns !== null) {
    const names = columns[2]!.split(',').map((name) => name.trim().replaceAll('`', '').toUpperCase());
    return `${columns[1]!.toUpperCase()} (${names.sort().join(', ')})`;
  }
  const upper = privilege.toUpperCase();
  return upper === 'ALL PRIVILEGES' ? 'ALL' : upper === 'GRANT OPTION' ? 'GRANT' : upper;
}

/** Reads the lines of SHOW GRANTS. */
export function parseGrants(linesOfGrants: readonly string[]): Privileges {
  const found = new Map<string, Set<string>>();
  for (const line of linesOfGrants) {
    const match =
      /^GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE) )?(`(?:[^`]|``)*`|\*)\.(`(?:[^`]|``)*`|\*) TO (.*)$/.exec(line);
    if (match === null) continue;
    const name = objectName(`${match[2]}.${match[3]}`);
    const set = found.get(name) ?? new Set<string>();
    for (const privilege of splitList(match[1]!)) set.add(normal(privilege));
    if (/WITH GRANT OPTION/.test(match[4]!)) set.add('GRANT');
    found.set(name, set);
  }
  return found;
}

export interface PrivilegeSteps {
  readonly revoke: Privileges;
  readonly grant: Privileges;
}

/** What has to be revoked and granted. */
export function privilegeSteps(
  have: Privileges,
  want: Privileges,
  mode: 'set' | 'append' | 'subtract',
): PrivilegeSteps {
  const revoke = new Map<string, ReadonlySet<string>>();
  const grant = new Map<string, ReadonlySet<string>>();
  const real = (set: ReadonlySet<string> | undefined): string[] => [...(set ?? [])].filter((one) => one !== 'USAGE');
  if (mode === 'subtract') {
    for (const [object, set] of want) {
      const own = have.get(object) ?? new Set<string>();
      // As told by SHOW GRANTS: nothing is taken out of ALL, as community.mysql has it.
      const gone = real(set).filter((one) => own.has(one));
      const all = set.has('ALL') ? real(own) : gone;
      if (all.length > 0) revoke.set(object, new Set(all));
    }
    return { revoke, grant };
  }
  for (const [object, set] of want) {
    const own = have.get(object) ?? new Set<string>();
    const missing = real(set).filter((one) => !own.has(one) && !(own.has('ALL') && one !== 'GRANT'));
    if (missing.length > 0) grant.set(object, new Set(missing));
  }
  if (mode === 'append') return { revoke, grant };
  for (const [object, own] of have) {
    const wanted = want.get(object) ?? new Set<string>();
    const extra = real(own).filter((one) => !wanted.has(one) && !(wanted.has('ALL') && one !== 'GRANT'));
    if (extra.length === 0) continue;
    revoke.set(object, new Set(extra));
    // Revoking ALL takes everything: what is wanted of it has to be granted again.
    if (extra.includes('ALL')) grant.set(object, new Set(real(wanted)));
  }
  for (const [object, set] of [...grant]) if (set.size === 0) grant.delete(object);
  return { revoke, grant };
}

/** The statements; `account` is quoted SQL. */
export function privilegeStatements(steps: PrivilegeSteps, account: string): string[] {
  const on = (object: string): string => {
    const at = object.indexOf('.');
    const part = (name: string): string => (name === '*' ? '*' : `\`${name.replaceAll('`', '``')}\``);
    return `${part(object.slice(0, at))}.${part(object.slice(at + 1))}`;
  };
  const statements: string[] = [];
  for (const [object, set] of steps.revoke) {
    const plain = [...set].filter((one) => one !== 'GRANT');
    if (set.has('GRANT')) statements.push(`REVOKE GRANT OPTION ON ${on(object)} FROM ${account}`);
    if (plain.length > 0) statements.push(`REVOKE ${plain.join(', ')} ON ${on(object)} FROM ${account}`);
  }
  for (const [object, set] of steps.grant) {
    const plain = [...set].filter((one) => one !== 'GRANT');
    const option = set.has('GRANT') ? ' WITH GRANT OPTION' : '';
    statements.push(`GRANT ${plain.length > 0 ? plain.join(', ') : 'USAGE'} ON ${on(object)} TO ${account}${option}`);
  }
  return statements;
}

/** As JSON for states: object to sorted list. */
export function privilegesJson(privileges: Privileges): Record<string, readonly string[]> {
  return Object.fromEntries([...privileges].map(([object, set]) => [object, [...set].sort()]));
}

/** Back from JSON. */
export function privilegesFrom(json: Json | undefined): Privileges {
  if (json === null || typeof json !== 'object' || Array.isArray(json) || json instanceof Float) return new Map();
  return new Map(
    Object.entries(json).map(([object, list]) => [object, new Set(Array.isArray(list) ? list.map(String) : [])]),
  );
}
