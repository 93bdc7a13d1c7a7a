// Who the host is: kernel, architecture, names.

import { lines, raw, sh } from '../../../engine/module/sh.ts';
import { section } from '../sections.ts';
import type { FactGroup } from './group.ts';

export const platform: FactGroup = {
  name: 'platform',
  family: 'min',
  aliases: [
    ...['architecture', 'machine', 'machine_id', 'kernel', 'kernel_version', 'system', 'nodename', 'hostname', 'fqdn'],
    ...['domain', 'userspace_bits', 'userspace_architecture', 'python_version'],
  ],
  script: () =>
    lines(
      section('uname'),
      sh`uname -s; uname -n; uname -r; uname -m; uname -v`,
      section('bits'),
      sh`getconf LONG_BIT 2>/dev/null`,
      section('machine-id'),
      sh`cat /var/lib/dbus/machine-id 2>/dev/null || cat /etc/machine-id 2>/dev/null`,
      section('names'),
      sh`${raw(NAMES)}`,
    ),
  read(sections) {
    const [system = '', nodename = '', kernel = '', machine = '', version = ''] = sections.text('uname').split('\n');
    const names = sections
      .word('names')
      .split(/\s+/)
      .filter((name) => name !== '');
    const fqdn = names.find((name) => name.includes('.')) ?? names[0] ?? nodename;
    const bits = sections.word('bits') || (/64/.test(machine) ? '64' : '32');
    const id = sections.word('machine-id');
    return {
      system,
      kernel,
      kernel_version: version,
      machine,
      architecture: /^i\d86$/.test(machine) ? 'i386' : machine,
      userspace_bits: bits,
      userspace_architecture: bits === '32' && machine === 'x86_64' ? 'i386' : machine,
      nodename,
      hostname: nodename.split('.')[0]!,
      fqdn,
      domain: fqdn.split('.').slice(1).join('.'),
      ...(id === '' ? {} : { machine_id: id }),
    };
  },
};

// The canonical name and aliases of the address of the host's own name, as the resolver has them.
const NAMES = `name=$(uname -n)
if command -v getent >/dev/null 2>&1; then
  address=$(getent ahosts "$name" 2>/dev/null | { read -r first rest; echo "$first"; })
  found=; [ -z "$address" ] || found=$(getent hosts "$address" 2>/dev/null | { read -r first rest; echo "$rest"; })
  echo "\${found:-$name}"
else hostname -f 2>/dev/null || echo "$name"; fi`;
