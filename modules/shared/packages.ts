// Package managers behind one set of verbs: what to ask, how a simulated run reads, and the command that does it. apt has
// a module of its own; the others are here.

import { lines, raw, type Script, sh } from '../../engine/module/sh.ts';

export type PackageState = 'present' | 'latest' | 'absent';

/** One package that a run would install, upgrade or remove. */
export interface Movement {
  readonly name: string;
  /** Undefined for a removal. */
  readonly to: string | undefined;
}

export interface PackageManager {
  readonly name: string;
  /** Commands by which it is known, best first. */
  readonly commands: readonly string[];
  /** Prints `NAME<tab>VERSION` of each wanted package that is installed; names come as "$@". */
  readonly installed: Script;
  /** The command line that only simulates; `words` go before the names. */
  simulate(command: string, state: PackageState, options: readonly string[]): Script;
  run(command: string, state: PackageState, options: readonly string[], names: readonly string[]): Script;
  /** Reads the simulation's output. */
  movements(output: string): Movement[];
  /** Names that the manager does not know. */
  unknown(output: string): string[];
  refresh(command: string): Script;
}

const RPM_INSTALLED = sh`for name in "$@"; do rpm -q --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n' "$name" 2>/dev/null || rpm -q --whatprovides --qf "$name"'\t%{VERSION}-%{RELEASE}\n' "$name" 2>/dev/null; done | grep -v 'is not installed\|no package provides'`;

function verbOf(state: PackageState): string {
  return state === 'absent' ? 'remove' : 'install';
}

/** The table of a transaction: ` name  arch  version  repository  size` beneath its headings. */
function dnfMovements(output: string): Movement[] {
  const found: Movement[] = [];
  let kind = '';
  for (const line of output.split('\n')) {
    const heading = /^(Installing|Upgrading|Updating|Downgrading|Reinstalling|Removing|Erasing)\b.*:\s*$/.exec(
      line,
    )?.[1];
    if (heading !== undefined) kind = heading;
    else if (/^Transaction Summary|^=+$/.test(line)) kind = line.startsWith('=') ? kind : '';
    const entry = /^ (\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+[\d.]+ ?[kMGT]?/.exec(line);
    if (entry === null || kind === '' || heading !== undefined) continue;
    found.push({ name: entry[1]!, to: /Remov|Eras/.test(kind) ? undefined : entry[3]! });
  }
  return found;
}

function dnfUnknown(output: string): string[] {
  return [...output.matchAll(/^(?:No match for argument: |No package )(\S+?)(?: available\.?)?$/gm)].map(
    (match) => match[1]!,
  );
}

const dnf: PackageManager = {
  name: 'dnf',
  commands: ['dnf', 'dnf-3', 'dnf5', 'yum'],
  installed: RPM_INSTALLED,
  simulate: (command, state, options) =>
    state === 'latest'
      ? sh`for name in "$@"; do if rpm -q "$name" >/dev/null 2>&1; then ${command} ${options} --assumeno upgrade "$name"; else ${command} ${options} --assumeno install "$name"; fi; done`
      : sh`${command} ${options} --assumeno ${verbOf(state)} "$@"`,
  run: (command, state, options, names) => sh`${command} -y ${options} ${verbOf(state)} ${names}`,
  movements: dnfMovements,
  unknown: dnfUnknown,
  refresh: (command) => sh`${command} -y makecache`,
};

const apk: PackageManager = {
  name: 'apk',
  commands: ['apk'],
  installed: sh`for name in "$@"; do version=$(apk info -ve "$name" 2>/dev/null | head -n 1); [ -z "$version" ] || printf '%s\t%s\n' "$name" "${raw('${version#"$name-"}')}"; done`,
  simulate: (_, state, options) =>
    state === 'absent'
      ? sh`apk del -s ${options} "$@"`
      : sh`apk add -s ${state === 'latest' ? ['-u'] : []} ${options} "$@"`,
  run: (_, state, options, names) =>
    state === 'absent'
      ? sh`apk del ${options} ${names}`
      : sh`apk add ${state === 'latest' ? ['-u'] : []} ${options} ${names}`,
  movements: (output) =>
    [
      ...output.matchAll(
        /^\(\d+\/\d+\) (Installing|Upgrading|Downgrading|Purging|Replacing|Reinstalling) (\S+) \((?:\S+ -> )?(\S+)\)/gm,
      ),
    ].map((match) => ({ name: match[2]!, to: match[1] === 'Purging' ? undefined : match[3]! })),
  unknown: (output) => [...output.matchAll(/^ {2}(\S+) \(no such package\)/gm)].map((match) => match[1]!),
  refresh: () => sh`apk update`,
};

const pacman: PackageManager = {
  name: 'pacman',
  commands: ['pacman'],
  installed: sh`pacman -Q "$@" 2>/dev/null | tr ' ' '\t'`,
  simulate: (_, state, options) =>
    state === 'absent'
      ? sh`pacman -Rp --print-format '%n -' ${options} "$@"`
      : sh`pacman -Sp --needed --print-format '%n %v' ${options} "$@"`,
  run: (_, state, options, names) =>
    state === 'absent'
      ? sh`pacman -R --noconfirm ${options} ${names}`
      : sh`pacman -S --noconfirm --needed ${options} ${names}`,
  movements: (output) =>
    [...output.matchAll(/^([a-z0-9@._+-]+) (\S+)$/gim)].map((match) => ({
      name: match[1]!,
      to: match[2] === '-' ? undefined : match[2]!,
    })),
  unknown: (output) => [...output.matchAll(/target not found: (\S+)/g)].map((match) => match[1]!),
  refresh: () => sh`pacman -Sy`,
};

const zypper: PackageManager = {
  name: 'zypper',
  commands: ['zypper'],
  installed: RPM_INSTALLED,
  simulate: (_, state, options) =>
    sh`zypper --non-interactive ${options} ${state === 'latest' ? 'update' : verbOf(state)} -D ${state === 'latest' ? ['--force-resolution'] : []} -- "$@"`,
  run: (_, state, options, names) =>
    sh`zypper --non-interactive ${options} ${state === 'absent' ? ['remove'] : ['install', '--auto-agree-with-licenses']} -- ${names}`,
  movements(output) {
    const found: Movement[] = [];
    const part =
      /The following (?:\d+ )?(NEW )?packages? (?:is|are) going to be (installed|upgraded|REMOVED|downgraded):\n((?: +.*\n?)+)/g;
    for (const match of output.matchAll(part)) {
      for (const name of match[3]!.trim().split(/\s+/))
        found.push({ name, to: match[2] === 'REMOVED' ? undefined : 'newest' });
    }
    return found;
  },
  unknown: (output) =>
    [...output.matchAll(/^(?:No provider of |Package |'?)'?([^' ]+)'? not found/gm)].map((match) => match[1]!),
  refresh: () => sh`zypper --non-interactive refresh`,
};

export const PACKAGE_MANAGERS: readonly PackageManager[] = [dnf, zypper, pacman, apk];

/** Shell text that sets `$manager` and `$command`: apt on Debian and its kin, else the first that is there. */
export function detectManager(wanted: string): Script {
  const others = PACKAGE_MANAGERS.filter(
    (one) => wanted === 'auto' || one.name === wanted || one.commands.includes(wanted),
  );
  const tests = others.map(
    (one) =>
      sh`[ -n "$manager" ] || for one in ${wanted === 'auto' || wanted === one.name ? one.commands : [wanted]}; do command -v "$one" >/dev/null 2>&1 && { manager=${one.name}; command=$one; break; }; done`,
  );
  const apt =
    wanted === 'auto'
      ? sh`if [ ! -e /etc/redhat-release ] && command -v apt-get >/dev/null 2>&1; then manager=apt; fi`
      : wanted === 'apt' && sh`command -v apt-get >/dev/null 2>&1 && manager=apt`;
  const last = wanted === 'auto' && sh`[ -n "$manager" ] || { command -v apt-get >/dev/null 2>&1 && manager=apt; }`;
  return lines(sh`manager=; command=`, apt, ...tests, last);
}
