// Names that playbooks give to variables and hosts.

import { PlaybookError } from '../../engine/model/errors.ts';

/** Throws PlaybookError for the first name that no variable can have. */
export function requireVariableNames(names: Iterable<string>): void {
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new PlaybookError(`Invalid variable name '${name}'.`);
  }
}

/** `web:2222` and `[::1]:2222` apart; a name without a port, or a bare IPv6 address, has none. */
export function splitPort(name: string): { readonly host: string; readonly port?: number } {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d+)$/.exec(name);
  if (match === null) return { host: /^\[([0-9A-Fa-f:.]+)\]$/.exec(name)?.[1] ?? name };
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}
