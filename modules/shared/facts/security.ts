// What guards the host: SELinux, AppArmor, FIPS, capabilities, and the host's own SSH keys.

import { lines, sh } from '../../../engine/module/sh.ts';
import { section } from '../sections.ts';
import { type FactGroup, minimal } from './group.ts';

const selinux = minimal(
  'selinux',
  [],
  lines(
    section('selinux'),
    sh`if [ -e /sys/fs/selinux/enforce ]; then cat /sys/fs/selinux/enforce; echo; cat /sys/fs/selinux/policyvers; echo; sed -n 's/^SELINUX=//p; s/^SELINUXTYPE=/type /p' /etc/selinux/config 2>/dev/null; fi`,
  ),
  (sections) => {
    const [enforce, policy = '', ...config] = sections.lines('selinux');
    if (enforce === undefined) return { selinux: { status: 'disabled' }, selinux_python_present: true };
    const type = config.find((line) => line.startsWith('type '))?.slice(5) ?? 'unknown';
    const mode = config.find((line) => !line.startsWith('type ')) ?? 'unknown';
    return {
      selinux: {
        status: 'enabled',
        mode: enforce.trim() === '1' ? 'enforcing' : 'permissive',
        config_mode: mode,
        policyvers: Number(policy),
        type,
      },
      selinux_python_present: true,
    };
  },
);

const apparmor = minimal(
  'apparmor',
  [],
  lines(section('apparmor'), sh`[ -d /sys/kernel/security/apparmor ] && echo yes`),
  (sections) => ({ apparmor: { status: sections.word('apparmor') === 'yes' ? 'enabled' : 'disabled' } }),
);

const fips = minimal(
  'fips',
  [],
  lines(section('fips'), sh`cat /proc/sys/crypto/fips_enabled 2>/dev/null`),
  (sections) => ({
    fips: sections.word('fips') === '1',
  }),
);

const caps = minimal(
  'caps',
  ['system_capabilities', 'system_capabilities_enforced'],
  lines(section('caps'), sh`command -v capsh >/dev/null 2>&1 && capsh --print 2>/dev/null | grep '^Current:'`),
  (sections) => {
    const line = sections.word('caps');
    if (line === '') return {};
    const text = line.slice('Current:'.length).trim();
    if (text === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] };
    const names = (line.split('=')[1] ?? '').split(',').map((name) => name.trim());
    return { system_capabilities_enforced: 'True', system_capabilities: names };
  },
);

const keys = minimal(
  'ssh_pub_keys',
  ['ssh_host_key_dsa_public', 'ssh_host_key_rsa_public', 'ssh_host_key_ecdsa_public', 'ssh_host_key_ed25519_public'],
  lines(
    section('ssh-keys'),
    sh`for folder in /etc/ssh /etc/openssh /etc; do found=; for kind in dsa rsa ecdsa ed25519; do file=$folder/ssh_host_$kind"_key.pub"; [ -r "$file" ] && { found=yes; echo "$kind $(cat "$file")"; }; done; [ -z "$found" ] || break; done`,
  ),
  (sections) => {
    const found: Record<string, string> = {};
    for (const line of sections.lines('ssh-keys')) {
      const [kind, type = '', key = ''] = line.split(' ');
      found[`ssh_host_key_${kind}_public`] = key;
      found[`ssh_host_key_${kind}_public_keytype`] = type;
    }
    return found;
  },
);

export const SECURITY: readonly FactGroup[] = [selinux, apparmor, fips, caps, keys];
