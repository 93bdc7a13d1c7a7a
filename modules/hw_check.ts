// hw_check: is this host good enough? Looks at everything that was asked for before it says so, and changes nothing.

import { defineModule, type Json, ModuleFailure } from '../engine/module/contract.ts';
import { toText } from '../engine/module/schema.ts';
import { DEFAULT_POLICY, judge, REQUIREMENTS, type Requirement, type Verdict } from './shared/hardware/rules.ts';
import { type HostFindings, hardwareScript, readHardware } from './shared/hardware/script.ts';
import { noteOf } from './shared/seen.ts';

export default defineModule({
  doc: {
    collection: 'troupe.builtin',
    summary: 'Checks processors, memory, disk, system, host name and ports of a host.',
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
    returns: { findings: 'A list of {requirement, wanted, found, verdict, message}.' },
  },
  schema: {
    min_cpus: { type: 'int', doc: 'Processors.' },
    require_virt: { type: 'bool', default: false, doc: 'Wants vmx (Intel) or svm (AMD).' },
    min_memory_mb: { type: 'int', doc: 'Memory.' },
    recommended_memory_mb: { type: 'int', doc: 'Memory below which to warn.' },
    min_disk_gb: { type: 'float', doc: 'Free space below disk_path.' },
    disk_path: { type: 'path', default: '/', doc: 'Where the space is needed; it need not exist yet.' },
    supported_os: { type: 'list', elements: 'str', doc: 'Systems: `CentOS 7`, `Debian` ...' },
    check_hostname: { type: 'bool', default: false, doc: 'The host name, when it resolves, leads to this host.' },
    ports: { type: 'list', elements: 'int', default: [], doc: 'TCP ports that have to be free.' },
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
  plan(args, seen) {
    const host = noteOf(seen, 'hardware:') as unknown as HostFindings;
    const policyOf = (requirement: Requirement): Verdict =>
      (args.policy[requirement] as Verdict | undefined) ?? DEFAULT_POLICY[requirement];
    const findings = judge(args, host).map(({ met, ...rest }) => {
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
    const warnings = findings.filter((finding) => finding.verdict === 'warn').map((finding) => finding.message);
    return { kind: 'plan', actions: [], data: { findings }, ...(warnings.length > 0 ? { warnings } : {}) };
  },
});
