// Users and groups of the controller, as its files name them.

import { readFileSync } from 'node:fs';

type Database = 'passwd' | 'group';

/** The lines of a database, each by its fields; none where it cannot be read. */
function entries(database: Database): string[][] {
  try {
    const text = readFileSync(`/etc/${database}`, 'utf8');
    return text.split('\n').map((line) => line.split(':'));
  } catch {
    return [];
  }
}

/** The name of a user or group, or the number itself where it has none. */
export function accountName(database: Database, id: number): string | number {
  return entries(database).find((fields) => fields[2] === String(id))?.[0] ?? id;
}

/** A user's home; undefined where there is no such user. */
export function homeOf(user: string): string | undefined {
  return entries('passwd').find((fields) => fields[0] === user)?.[5];
}
