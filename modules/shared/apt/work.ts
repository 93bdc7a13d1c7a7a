// The work of apt: from arguments to the question, and from what was seen to the plan. The module apt and, on hosts
// that have it, package use it.

import {
  ABSENT,
  type Action,
  type Change,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type StepResult,
} from '../../../engine/module/contract.ts';
import type { ArgsOf } from '../../../engine/module/schema.ts';
import { decode } from '../sections.ts';
import { autocleanScript, outputOf, removeScript, runScript, updateScript } from './commands.ts';
import { planDeb } from './deb.ts';
import { type AptInquiry, aptQuestion } from './inquiry.ts';
import type { aptSchema } from './schema.ts';
import { type AptSeen, changesOf, readApt, seenApt } from './seen.ts';
import { unknownNames, unknownVersions } from './simulation.ts';
import { type PackageSpec, parseSpec } from './specs.ts';

type Args = ArgsOf<typeof aptSchema>;
export type AptArgs = Args;

/** The first question. */
export function askApt(args: Args): Question {
  return ask(args, false);
}

/** The plan, or the question again with fresh lists where the ones there are do not know a name. */
export function planApt(args: Args, seen: Observed): Plan | Question {
  const apt = seenApt(seen);
  if (!apt.there) throw new ModuleFailure('Could not find apt-get on this host.');
  const stale = isStale(args, apt);
  const unsure = unknownNames(apt.errors).length > 0 || unknownVersions(apt.errors).length > 0 || apt.lists === 0;
  const names = namesOf(args);
  if ((stale || apt.foretold) && !apt.refreshed && (unsure || args.state === 'latest') && names.length > 0) {
    return ask(args, true);
  }
  return planned(args, seen, apt, stale);
}

/** Names asked for; empty texts do not count. */
function namesOf(args: Args): readonly PackageSpec[] {
  return (args.name ?? []).filter((name) => name.trim() !== '' && name.trim() !== '*').map(parseSpec);
}

function isStale(args: Args, apt: AptSeen): boolean {
  const wanted = args.update_cache ?? args.cache_valid_time > 0;
  return wanted && apt.stamp + args.cache_valid_time < apt.now;
}

function ask(args: Args, refresh: boolean): Question {
  const inquiry: AptInquiry = { ...subject(args), deb: args.deb, refresh };
  return aptQuestion(inquiry, readApt, ['contents']);
}

/** What to simulate. */
function subject(args: Args): Pick<AptInquiry, 'command' | 'specs' | 'select'> {
  const specs = namesOf(args);
  const flags = flagsOf(args);
  if (upgradeOf(args) !== undefined) return { command: [...flags, ...upgradeOf(args)!], specs: [], select: 'none' };
  if (args.deb !== undefined) return { command: [...flags, 'install'], specs: [], select: 'all' };
  if (specs.length === 0 && args.autoremove) {
    return { command: [...(args.purge ? ['--purge'] : []), 'autoremove'], specs: [], select: 'none' };
  }
  if (specs.length === 0 && args.autoclean) return { command: ['autoclean'], specs: [], select: 'none' };
  if (args.state === 'absent') {
    const purge = args.purge ? ['--purge'] : [];
    return { command: [...purge, ...(args.autoremove ? ['--auto-remove'] : []), 'remove'], specs, select: 'installed' };
  }
  if (args.state === 'build-dep') return { command: [...flags, 'build-dep'], specs, select: 'all' };
  const all = args.state === 'latest' || args.state === 'fixed';
  return { command: [...flags, 'install'], specs, select: all ? 'all' : 'missing' };
}

function upgradeOf(args: Args): readonly string[] | undefined {
  if (args.upgrade === 'no') return undefined;
  return args.upgrade === 'dist' || args.upgrade === 'full' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'];
}

/** Options of apt-get that decide what is installed. */
function flagsOf(args: Args): string[] {
  const flags: string[] = [];
  if (args.force) flags.push('--force-yes');
  if (args.autoremove && args.state !== 'build-dep') flags.push('--auto-remove');
  if (args.fail_on_autoremove) flags.push('--no-remove');
  if (args.only_upgrade) flags.push('--only-upgrade');
  if (args.state === 'fixed') flags.push('--fix-broken');
  if (args.default_release !== undefined) flags.push('-t', args.default_release);
  if (args.install_recommends === false) flags.push('-o', 'APT::Install-Recommends=no');
  if (args.install_recommends === true) flags.push('-o', 'APT::Install-Recommends=yes');
  if (args.allow_unauthenticated) flags.push('--allow-unauthenticated');
  if (args.allow_downgrade) flags.push('--allow-downgrades');
  if (args.allow_change_held_packages) flags.push('--allow-change-held-packages');
  return flags;
}

function planned(args: Args, seen: Observed, apt: AptSeen, stale: boolean): Plan {
  const cache = { cache_updated: stale, cache_update_time: apt.stamp };
  const update = stale ? [updateAction(args, apt)] : [];
  const names = namesOf(args);
  if ((args.name ?? []).length === 0 && args.deb === undefined && upgradeOf(args) === undefined) {
    return withoutPackages(args, seen, apt, update, cache);
  }
  const clean = args.clean ? [cleanAction()] : [];
  const starts = startsServices(args, apt);
  if (args.deb !== undefined) return withUpdate(update, planDeb(args.deb, args, flagsOf(args), seen, apt, starts));
  requireKnown(args, apt, names);
  const changes = changesOf(seen, apt, starts);
  if (upgradeOf(args) !== undefined) return withUpdate(update, upgradePlan(args, apt, changes));
  if (args.state === 'absent') return removal(args, apt, changes, clean);
  if (changes.length === 0) return { kind: 'plan', actions: [...clean, ...quiet(update)], data: cache };
  const script = runScript([...flagsOf(args), args.state === 'build-dep' ? 'build-dep' : 'install'], apt.words, args);
  return {
    kind: 'plan',
    actions: [
      ...clean,
      ...quiet(update),
      {
        changes,
        changedBy: didSomething,
        step: { run: script, failure: `apt-get install of ${apt.words.join(' ')} failed` },
      },
    ],
    data: cache,
    pending: { stdout: apt.simulation, stderr: '', diff: {} },
    conclude: (outputs) => ({
      ...cache,
      ...(stale ? { cache_update_time: stampOf(outputs[clean.length]) ?? apt.stamp } : {}),
      ...outputOf(outputs.at(-1)!),
    }),
  };
}

/** Ansible counts a refresh as a change only when it is all that the task does. */
function quiet(update: readonly Action[]): Action[] {
  return update.map(({ step, reason }) => ({ changes: [], step, ...(reason === undefined ? {} : { reason }) }));
}

function updateAction(args: Args, apt: AptSeen): Action {
  const change: Change = {
    of: 'apt-lists:',
    before: apt.lists === 0 ? ABSENT : { updated: apt.stamp },
    after: { updated: apt.now, refreshed: true },
  };
  return {
    changes: [change],
    reason: 'the package lists are refreshed',
    changedBy: (output) => stampOf(output) !== apt.stamp,
    step: {
      run: updateScript(args.update_cache_retries, args.update_cache_retry_max_delay, args.lock_timeout),
      failure: 'Failed to update apt cache',
    },
  };
}

function stampOf(output: StepResult | undefined): number | undefined {
  const last = output === undefined ? '' : decode(output.stdout).trimEnd().split('\n').at(-1);
  return last !== undefined && /^\d+$/.test(last) ? Number(last) : undefined;
}

function cleanAction(): Action {
  return {
    changes: [{ of: 'apt-archives:', before: {}, after: { cleaned: true } }],
    step: { run: runScript(['clean'], [], {}), failure: 'apt-get clean failed' },
  };
}

/** Lists, archives and unused packages only. */
function withoutPackages(args: Args, seen: Observed, apt: AptSeen, update: readonly Action[], cache: JsonObject): Plan {
  if (update.length > 0) {
    const data = (outputs: readonly StepResult[]): JsonObject => {
      const stamp = stampOf(outputs[0]) ?? apt.stamp;
      return { cache_updated: stamp !== apt.stamp, cache_update_time: stamp };
    };
    return { kind: 'plan', actions: update, data: cache, pending: cache, conclude: data };
  }
  if (args.clean && !args.autoremove && !args.autoclean) {
    const data = { msg: '', stdout: '', stderr: '', diff: {} };
    return { kind: 'plan', actions: [cleanAction()], data };
  }
  const clean = args.clean ? [cleanAction()] : [];
  const data = { stdout: apt.simulation, stderr: '', diff: {} };
  if (args.autoremove) {
    requirePossible(args, apt, {});
    const changes = changesOf(seen, apt, false);
    if (changes.length === 0) return { kind: 'plan', actions: clean, data };
    const script = removeScript(args.purge ? ['--purge'] : [], 'autoremove', [], args);
    const action: Action = { changes, step: { run: script, failure: 'apt-get autoremove failed' } };
    return { kind: 'plan', actions: [...clean, action], data, conclude: (outputs) => outputOf(outputs.at(-1)!) };
  }
  if (args.autoclean) {
    if (!/^Del /m.test(apt.simulation)) return { kind: 'plan', actions: clean, data };
    const change: Change = { of: 'apt-archives:', before: {}, after: { cleaned: true } };
    const action: Action = {
      changes: [change],
      step: { run: autocleanScript(args), failure: 'apt-get autoclean failed' },
    };
    return { kind: 'plan', actions: [...clean, action], data, conclude: (outputs) => outputOf(outputs.at(-1)!) };
  }
  return { kind: 'plan', actions: clean, data: cache };
}

function withUpdate(update: readonly Action[], plan: Plan): Plan {
  if (update.length === 0) return plan;
  const conclude = plan.conclude?.bind(plan);
  return {
    ...plan,
    actions: [...quiet(update), ...plan.actions],
    ...(conclude === undefined ? {} : { conclude: (outputs: readonly StepResult[]) => conclude(outputs.slice(1)) }),
  };
}

function upgradePlan(args: Args, apt: AptSeen, changes: readonly Change[]): Plan {
  const told = (text: string): JsonObject => ({ msg: text, stdout: text, stderr: '' });
  if (changes.length === 0) return { kind: 'plan', actions: [], data: told(apt.simulation) };
  const script = runScript([...flagsOf(args), ...upgradeOf(args)!], [], args);
  return {
    kind: 'plan',
    actions: [{ changes, changedBy: didSomething, step: { run: script, failure: 'apt-get upgrade failed' } }],
    pending: told(apt.simulation),
    conclude: (outputs) => {
      const data = outputOf(outputs[0]!);
      return { ...data, msg: data['stdout'] ?? '' };
    },
  };
}

function removal(args: Args, apt: AptSeen, changes: readonly Change[], clean: readonly Action[]): Plan {
  requirePossible(args, apt, {});
  if (changes.length === 0) return { kind: 'plan', actions: [...clean], data: {} };
  const flags = [...(args.purge ? ['--purge'] : []), ...(args.autoremove ? ['--auto-remove'] : [])];
  const script = removeScript(flags, 'remove', apt.words, args);
  return {
    kind: 'plan',
    actions: [...clean, { changes, step: { run: script, failure: `apt-get remove of ${apt.words.join(' ')} failed` } }],
    pending: { stdout: apt.simulation, stderr: '', diff: {} },
    conclude: (outputs) => outputOf(outputs.at(-1)!),
  };
}

function didSomething(output: StepResult): boolean {
  return !/^0 upgraded, 0 newly installed, 0 (?:downgraded, 0 )?to remove/m.test(decode(output.stdout));
}

function startsServices(args: Args, apt: AptSeen): boolean {
  return args.policy_rc_d === undefined ? apt.starts : args.policy_rc_d === 0 || args.policy_rc_d === 104;
}

/** Fails for names and versions that apt does not have, and for whatever else apt-get refuses. */
function requireKnown(args: Args, apt: AptSeen, names: readonly PackageSpec[]): void {
  if (args.state === 'absent') return;
  if (args.name?.some((name) => name.trim() === '')) throw new ModuleFailure("No package matching '' is available");
  const cache = { cache_updated: false, cache_update_time: apt.stamp };
  const foretold = (name: string): boolean => apt.foretoldNames.has(name);
  const unmatched = apt.unmatched[0];
  if (unmatched !== undefined) throw new ModuleFailure(`No package(s) matching '${unmatched}' available`);
  const unknown = unknownNames(apt.errors).filter((name) => !foretold(name));
  if (unknown[0] !== undefined) throw new ModuleFailure(`No package matching '${unknown[0]}' is available`);
  const version = unknownVersions(apt.errors)[0];
  const text =
    version === undefined
      ? apt.tooOld
      : (names.find((one) => `${one.name}=${one.version}` === version)?.text ?? version);
  if (text !== undefined) throw new ModuleFailure(`no available installation candidate for ${text}`, cache);
  if (unknownNames(apt.errors).length === 0) requirePossible(args, apt, cache);
}

/** Fails when apt-get could not do it. */
function requirePossible(args: Args, apt: AptSeen, data: JsonObject): void {
  if (apt.rc === 0) return;
  const command = `apt-get -s ${subject(args).command.join(' ')} ${apt.words.join(' ')}`.trimEnd();
  throw new ModuleFailure(`'${command}' failed: ${apt.errors}`, {
    ...data,
    rc: apt.rc,
    stdout: apt.simulation,
    stderr: apt.errors,
  });
}
