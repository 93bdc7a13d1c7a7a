// hostname: the name that the kernel has and the one that the next boot will give it.

import { defineModule, type ExecResult, ModuleFailure, type Observed } from '../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { readSections, section } from './shared/sections.ts';
import { isUnknown, noteOf, stateOf, textOf } from './shared/seen.ts';

/** Where the lasting name stands. */
const PLACES = {
  generic: '/etc/hostname',
  redhat: '/etc/sysconfig/network',
  openrc: '/etc/conf.d/hostname',
  sles: '/etc/HOSTNAME',
} as const;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sets the host name, now and for the next boot.',
    notes: ['/etc/hosts is left as it is.'],
    examples: `
- name: Named as in the inventory
  hostname:
    name: web1
`,
    returns: { name: 'The name.' },
  },
  schema: {
    name: { type: 'str', required: true, doc: 'The name.' },
    use: {
      type: 'str',
      choices: ['alpine', 'debian', 'generic', 'openrc', 'redhat', 'sles', 'systemd'],
      doc: 'How: systemd by hostnamectl, the others by their file; found when not given.',
    },
  },
  inspect(args) {
    if (args.name.length > 64)
      throw new ModuleFailure('name cannot be longer than 64 characters on systemd servers, try a shorter name');
    return {
      kind: 'question',
      script: lines(
        section('current'),
        sh`cat /proc/sys/kernel/hostname 2>/dev/null || uname -n`,
        section('strategy'),
        sh`if [ -d /run/systemd/system ] && hostnamectl --static >/dev/null 2>&1; then echo systemd
elif [ -f /etc/conf.d/hostname ]; then echo openrc
elif [ -f /etc/HOSTNAME ]; then echo sles
elif [ -f /etc/sysconfig/network ] && grep -q '^HOSTNAME=' /etc/sysconfig/network; then echo redhat
else echo generic; fi`,
        ...Object.entries(PLACES).map(([name, path]) => lines(section(name), sh`cat ${path} 2>/dev/null`)),
      ),
      read: (answer) => readNames(args.use, answer),
    };
  },
  plan(args, seen) {
    const now = stateOf(seen, 'hostname:');
    const strategy = textOf(noteOf(seen, 'hostname-strategy:'), 'name');
    const before = isUnknown(now) ? {} : noteOf(seen, 'hostname:');
    const current = textOf(before, 'current');
    const permanent = textOf(before, 'permanent');
    const data = {
      name: args.name,
      ansible_facts: {
        ansible_hostname: args.name.split('.')[0]!,
        ansible_nodename: args.name,
        ansible_fqdn: args.name,
        ansible_domain: args.name.split('.').slice(1).join('.'),
      },
    };
    const sets = [
      ...(permanent === args.name ? [] : [keep(args.name, strategy)]),
      ...(current === args.name ? [] : [apply(args.name, strategy)]),
    ];
    if (sets.length === 0) return { kind: 'plan', actions: [], data };
    return {
      kind: 'plan',
      actions: [
        {
          changes: [{ of: 'hostname:', before, after: { current: args.name, permanent: args.name } }],
          step: { run: lines(...sets), failure: 'the hostname cannot be set' },
        },
      ],
      data,
      diffs: [
        { before: `hostname = ${current === args.name ? permanent : current}\n`, after: `hostname = ${args.name}\n` },
      ],
    };
  },
});

function readNames(use: string | undefined, answer: ExecResult): Observed {
  const sections = readSections(answer);
  const known: Readonly<Record<string, string>> = { alpine: 'generic', debian: 'generic' };
  const strategy = use === undefined ? sections.word('strategy') : (known[use] ?? use);
  const place = strategy === 'systemd' ? 'generic' : strategy;
  const text = sections.text(place);
  const assigned = place === 'redhat' || place === 'openrc' ? /^hostname=["']?([^"'\n]*)/im.exec(text)?.[1] : undefined;
  const plain = text
    .split('\n')
    .find((line) => line.trim() !== '' && !line.startsWith('#'))
    ?.trim();
  const permanent = place === 'redhat' || place === 'openrc' ? (assigned ?? '') : (plain ?? '');
  return new Map([
    ['hostname:', { current: sections.word('current'), permanent }],
    ['hostname-strategy:', { name: strategy }],
  ]);
}

function keep(name: string, strategy: string): Script {
  if (strategy === 'systemd') return sh`hostnamectl set-hostname --static ${name} || exit`;
  if (strategy === 'redhat' || strategy === 'openrc') {
    const path = PLACES[strategy];
    const line = strategy === 'redhat' ? `HOSTNAME=${name}` : `hostname="${name}"`;
    return sh`{ grep -v -i '^hostname=' ${path} 2>/dev/null; echo ${line}; } > ${path}.new && cat ${path}.new > ${path} && rm -f ${path}.new || exit`;
  }
  const path = strategy === 'sles' ? PLACES.sles : PLACES.generic;
  return sh`echo ${name} > ${path} || exit`;
}

function apply(name: string, strategy: string): Script {
  const plain = sh`hostname ${name} 2>/dev/null || echo ${name} > /proc/sys/kernel/hostname`;
  return strategy === 'systemd' ? sh`hostnamectl set-hostname --transient ${name} 2>/dev/null || ${raw(plain)}` : plain;
}
