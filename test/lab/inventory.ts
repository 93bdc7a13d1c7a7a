// How programs find the lab's hosts: an INI inventory with address, key and known_hosts, host key checking switched on.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { folderOf, put } from './paths.ts';
import { controlNamespace, type LabState } from './state.ts';

/** Text of the inventory; `groups` maps group names to hosts. */
export function inventoryText(state: LabState, groups: Readonly<Record<string, readonly string[]>> = {}): string {
  const folder = folderOf(state.name);
  const hosts = Object.values(state.hosts).map(({ name, address }) => `${name} ansible_host=${address}`);
  const sections = Object.entries(groups).map(([group, members]) => `\n[${group}]\n${members.join('\n')}\n`);
  return `[lab]
${hosts.join('\n')}

[lab:vars]
ansible_user=root
ansible_port=22
ansible_ssh_private_key_file=${folder}/id_ed25519
ansible_ssh_common_args='${sshOptions(state).join(' ')}'
${sections.join('')}`;
}

/** Options that make ssh know the hosts' keys, and nothing of the caller's own. */
export function sshOptions(state: LabState): readonly string[] {
  return ['-o', `UserKnownHostsFile=${folderOf(state.name)}/known_hosts`, '-o', 'StrictHostKeyChecking=yes'];
}

/** Writes the inventory of a lab; gives its path. */
export function writeInventory(state: LabState, groups: Readonly<Record<string, readonly string[]>> = {}): string {
  const names = Object.keys(groups);
  const path = join(folderOf(state.name), names.length === 0 ? 'inventory.ini' : `inventory-${names.join('-')}.ini`);
  put(path, inventoryText(state, groups));
  return path;
}

/** Makes the lab's client key and a host key for each host. */
export async function makeKeys(state: LabState): Promise<void> {
  const folder = folderOf(state.name);
  const make = (file: string, comment: string): Promise<unknown> =>
    run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
  await run(['mkdir', '-p', join(folder, 'hostkeys')]);
  await make(join(folder, 'id_ed25519'), 'lab');
  for (const name of Object.keys(state.hosts)) await make(join(folder, 'hostkeys', name), name);
}

/** Lists all hosts' keys in known_hosts. dropbear makes its own at the first connection, so those are asked for. */
export async function writeKnownHosts(state: LabState): Promise<void> {
  const folder = folderOf(state.name);
  const lines: string[] = [];
  for (const { name, address, layer } of Object.values(state.hosts)) {
    if (layer === 'busybox') {
      const scan = ['ip', 'netns', 'exec', controlNamespace(state), 'ssh-keyscan', '-t', 'ed25519,ecdsa', address];
      const { stdout } = await run(scan, { tolerate: true });
      lines.push(...stdout.split('\n').filter((line) => line.startsWith(address)));
    } else {
      const key = readFileSync(join(folder, 'hostkeys', `${name}.pub`), 'utf8').trim();
      lines.push(`${name},${address} ${key}`);
    }
  }
  put(join(folder, 'known_hosts'), `${lines.join('\n')}\n`);
}
