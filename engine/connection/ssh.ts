// The choice between the two ways to speak ssh: in-process where that can do all that is asked, else the system's `ssh`.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ConnectionError } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';
import { OPENSSH } from './openssh.ts';
import { settle } from './sshsettings.ts';
import type { Transport } from './transport.ts';

/** ssh2 is loaded with the first host that is reached by it: a run on this machine never needs it. */
export const SSH2: Transport = {
  dial: async (spec, signal) => (await import('./ssh2.ts')).SSH2.dial(spec, signal),
};

/** The transport of `connection: ssh` for one host. Throws ConnectionError where neither way can do it. */
export function ssh(spec: ConnectionSpec): Transport {
  const { beyond } = settle(spec);
  if (beyond.length === 0) return SSH2;
  const program = spec.extra['ansible_ssh_executable'] ?? 'ssh';
  if (isProgram(program)) return OPENSSH;
  throw new ConnectionError(
    'unsupported',
    `${beyond.join(', ')}: this needs the program "${program}", which is not here`,
  );
}

/** Why the system's `ssh` is used for this host; undefined where it is not. For -vvv. */
export function reasonForSystemSsh(spec: ConnectionSpec): string | undefined {
  const { beyond } = settle(spec);
  return beyond.length === 0 ? undefined : beyond.join(', ');
}

function isProgram(name: string): boolean {
  const paths = name.includes('/') ? [name] : (process.env['PATH'] ?? '').split(delimiter).map((at) => join(at, name));
  return paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
