// A .deb given by its path or address: what it depends on comes by apt-get, itself by dpkg.

import {
  ABSENT,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type StepResult,
} from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { decode } from '../sections.ts';
import { textOf } from '../seen.ts';
import { aptGet, installing, type RunOptions } from './commands.ts';
import { fetchDeb } from './inquiry.ts';
import { type AptSeen, changesOf } from './seen.ts';
import { parseSimulation } from './simulation.ts';
import { compareVersions } from './specs.ts';

interface DebArgs extends RunOptions {
  readonly force: boolean;
  readonly allow_downgrade: boolean;
}

/** The plan for one file. Throws ModuleFailure for what is none, for an older version, for dependencies that apt does not have. */
export function planDeb(
  file: string,
  args: DebArgs,
  flags: readonly string[],
  seen: Observed,
  apt: AptSeen,
  starts: boolean,
): Plan {
  const { deb } = apt;
  if (deb === undefined) {
    const missing = `Could not open file ${file} - open (2: No such file or directory)`;
    const why = apt.fetchError || (apt.debMissing ? missing : 'Invalid archive signature');
    throw new ModuleFailure(`Unable to install package: E:${why}`);
  }
  const installed = textOf(deb, 'installed');
  const order = installed === '' ? 1 : compareVersions(textOf(deb, 'version'), installed);
  if (order === 0 && !args.force) return { kind: 'plan', actions: [], data: { stdout: '', stderr: '', diff: '' } };
  if (order < 0 && !args.force && !args.allow_downgrade) {
    throw new ModuleFailure('A later version is already installed');
  }
  if (apt.rc !== 0) {
    const missing = /Depends: (\S+(?: \([^)]*\))?)/.exec(apt.simulation)?.[1];
    throw new ModuleFailure(missing === undefined ? apt.errors : `Dependency is not satisfiable: ${missing}\n`);
  }
  const own = textOf(deb, 'package');
  const needed = parseSimulation(apt.simulation)
    .filter((one) => one.name !== own && one.to !== undefined)
    .map((one) => `${one.name}=${one.to}`);
  // dpkg takes nothing away for the sake of a file, whatever apt-get would.
  const changes = changesOf(seen, apt, starts).filter((change) => change.after !== ABSENT);
  const failure = `installing ${file} failed`;
  const step = { run: installScript(file, needed, flags, args), failure };
  return {
    kind: 'plan',
    actions: [{ changes, step }],
    pending: told(apt.simulation, ''),
    conclude: ([output]) => concluded(output!),
  };
}

function told(stdout: string, stderr: string): JsonObject {
  return { stdout, stderr, diff: { prepared: stdout.trim() } };
}

function concluded(output: StepResult): JsonObject {
  return told(decode(output.stdout), decode(output.stderr));
}

function installScript(file: string, needed: readonly string[], flags: readonly string[], args: DebArgs): Script {
  const forced = (args.dpkg_options ?? '').split(',').filter((option) => option !== '');
  return lines(
    installing(args),
    file.includes('://') ? lines(sh`hold=$(mktemp -d) || exit`, fetchDeb(file, sh`exit 1`)) : sh`deb=${file}`,
    needed.length > 0 && sh`${aptGet(args)} ${flags} install ${needed} >&2 || exit`,
    sh`dpkg ${forced.map((option) => `--${option}`)} ${args.force ? ['--force-all'] : []} -i "$deb"; rc=$?`,
    sh`[ -z "$hold" ] || rm -rf "$hold"; exit "$rc"`,
  );
}
