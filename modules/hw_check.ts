// hw_check: is this host good enough? Looks at everything that was asked for before it says so, and changes nothing.

import { defineModule, type Json, type JsonObject, ModuleFailure } from '../engine/module/contract.ts';
import { toText } from '../engine/module/schema.ts';
import {
  DEFAULT_POLICY,
  foreignAddresses,
  judge,
  type Port,
  REQUIREMENTS,
  type Requirement,
  type Verdict,
} from './shared/hardware/rules.ts';
import { type HostFindings, hardwareScript, readHardware } from './shared/hardware/script.ts';
import { noteOf } from './shared/seen.ts';

export default defineModule({
  doc: {
    collection: 'troupe.builtin',
    summary: 'Checks rights, processors, memory, disk, system, host name and ports of a host.',
    notes: ['All findings are collected before the task fails; the message names every one that failed.'],
    examples: `
- name: Fit for the job
  hw_check:
    min_cpus: 1
    min_memory_mb: 256
    check_hostname: true
    policy:
      hostname: warn
`,
    returns: {
      findings: 'A list of {requirement, wanted, found, verdict, message}.',
      foreign_addresses: "Addresses that the host's own name leads to and that are not the host's.",
    },
  },
  schema: {
    require_root: { type: 'bool', default: false, doc: 'Wants the task to run as root.' },
    min_cpus: { type: 'int', doc: 'Processors.' },
    require_virt: { type: 'bool', default: false, doc: 'Wants vmx (Intel) or svm (AMD).' },
    min_memory_mb: { type: 'int', doc: 'Memory.' },
    recommended_memory_mb: { type: 'int', doc: 'Memory below which to warn.' },
    min_disk_gb: { type: 'float', doc: 'Free space below disk_path.' },
    disk_path: { type: 'path', default: '/', doc: 'Where the space is needed; it need not exist yet.' },
    supported_os: { type: 'list', elements: 'str', doc: 'Systems: `CentOS 7`, `Debian` ...' },
    check_hostname: { type: 'bool', default: false, doc: 'The host name, when it resolves, leads to this host.' },
    ports: {
      type: 'list',
      elements: 'raw',
      default: [],
      doc: 'TCP ports that have to be free: numbers, or `{port: 5672, owners: [beam.smp]}` where some programs may hold one.',
    },
    policy: {
      type: 'dict',
      default: {},
      doc: `What becomes of a requirement that is not met: ok, warn or fail, by name: ${REQUIREMENTS.join(', ')}.`,
    },
    fail: { type: 'bool', default: true, doc: 'Fails the task when a finding failed.' },
  },
  inspect(args) {
    for (const [name, verdict] of Object.entries(args.policy)) {
      if (!(REQUIREMENTS as readonly string[]).includes(name))
        throw new ModuleFailure(`policy: there is no requirement '${name}'; there are ${REQUIREMENTS.join(', ')}`);
      if (!['ok', 'warn', 'fail'].includes(toText(verdict)))
        throw new ModuleFailure(`policy.${name} must be one of ok, warn, fail, not '${toText(verdict)}'`);
    }
    return {
      kind: 'question',
      script: hardwareScript(args.disk_path),
      read: (answer) => new Map([['hardware:', { ...readHardware(answer) } as unknown as Json]]),
    };
  },
  plan(args, seen, site) {
    const host = noteOf(seen, 'hardware:') as unknown as HostFindings;
    const policyOf = (requirement: Requirement): Verdict =>
      (args.policy[requirement] as Verdict | undefined) ?? DEFAULT_POLICY[requirement];
    const findings = judge({ ...args, ports: args.ports.map(portOf) }, host).map(({ met, ...rest }) => {
      const verdict: Verdict = met ? 'ok' : policyOf(rest.requirement);
      return { ...rest, verdict };
    });
    const failed = findings.filter((finding) => finding.verdict === 'fail');
    if (failed.length > 0 && args.fail) {
      throw new ModuleFailure(
        `${failed.length} of ${findings.length} requirements not met: ${failed.map((finding) => finding.message).join('; ')}`,
        { findings },
      );
    }
    const warned = findings.filter((finding) => finding.verdict === 'warn');
    const warnings = warned.map((finding) => `${site.host}: ${finding.message}`);
    const data = { findings, foreign_addresses: foreignAddresses(host) };
    return { kind: 'plan', actions: [], data, ...(warnings.length > 0 ? { warnings } : {}) };
  },
});

/** A number, or a port with the programs that may hold it. Throws ModuleFailure. */
function portOf(given: Json): Port {
  const isDict = given !== null && typeof given === 'object' && !Array.isArray(given);
  const { port, owners = [] }: JsonObject = isDict ? (given as JsonObject) : { port: given };
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65535)
    throw new ModuleFailure(`ports: ${toText(given)} names no port from 1 to 65535`);
  return { port: number, owners: Array.isArray(owners) ? owners.map(toText) : [toText(owners)] };
}
