// Names of connections to transports. A name that is not here is refused with a reason, never guessed.

import { ConnectionError } from '../model/errors.ts';
import { CHROOT } from './chroot.ts';
import type { ConnectionSpec } from './contract.ts';
import { OPENSSH } from './openssh.ts';
import { LOCAL } from './process.ts';
import { SSH2, ssh } from './ssh.ts';
import type { Transport } from './transport.ts';

const TRANSPORTS: Readonly<Record<string, (spec: ConnectionSpec) => Transport>> = {
  local: () => LOCAL,
  chroot: () => CHROOT,
  ssh,
  smart: ssh,
  ssh2: () => SSH2,
  paramiko: () => SSH2,
  paramiko_ssh: () => SSH2,
  openssh: () => OPENSSH,
};

/** Why some names that Ansible knows cannot be had. */
const REFUSED: Readonly<Record<string, string>> = {
  winrm: 'Windows hosts are not supported',
  psrp: 'Windows hosts are not supported',
  network_cli: 'network devices have no POSIX shell',
  netconf: 'network devices have no POSIX shell',
  httpapi: 'network devices have no POSIX shell',
  persistent: 'network devices have no POSIX shell',
};

/** The transport for a spec. Throws ConnectionError for a name that is not known. */
export function transportOf(spec: ConnectionSpec): Transport {
  const name = spec.transport.replace(/^(?:ansible\.builtin|ansible\.legacy|community\.general)\./, '');
  const choose = Object.hasOwn(TRANSPORTS, name) ? TRANSPORTS[name] : undefined;
  if (choose !== undefined) return choose(spec);
  const reason = Object.hasOwn(REFUSED, name) ? REFUSED[name]! : 'there is no such connection';
  throw new ConnectionError('unsupported', `connection "${spec.transport}" is not supported: ${reason}`, {
    hint: `known connections: ${Object.keys(TRANSPORTS).join(', ')}`,
  });
}
