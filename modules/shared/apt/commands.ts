// Scripts that change packages.

import type { JsonObject, StepResult } from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { decode } from '../sections.ts';
import { PRINT_STAMP } from './inquiry.ts';

export interface RunOptions {
  readonly dpkg_options?: string;
  readonly lock_timeout?: number;
  readonly policy_rc_d?: number | undefined;
}

function options(args: RunOptions): string[] {
  const dpkg = (args.dpkg_options ?? '').split(',').filter((option) => option !== '');
  return [
    ...dpkg.flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
    ...(args.lock_timeout === undefined ? [] : ['-o', `DPkg::Lock::Timeout=${args.lock_timeout}`]),
  ];
}

const QUIET = raw('export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical');

/** What every installing script begins with: nobody is asked, and policy-rc.d is in place meanwhile when asked for. */
export function installing(args: RunOptions): Script {
  return lines(sh`${QUIET}`, args.policy_rc_d !== undefined && policy(args.policy_rc_d));
}

/** apt-get with its options, as words. */
export function aptGet(args: RunOptions): string[] {
  return ['apt-get', '-y', ...options(args)];
}

/** apt-get with the words that say what, on the packages. */
export function runScript(command: readonly string[], packages: readonly string[], args: RunOptions): Script {
  return lines(installing(args), sh`${aptGet(args)} ${command} ${packages}`);
}

export function removeScript(
  flags: readonly string[],
  verb: 'remove' | 'autoremove',
  packages: readonly string[],
  args: RunOptions,
): Script {
  return lines(sh`${QUIET}`, sh`apt-get -q -y ${options(args)} ${flags} ${verb} ${packages}`);
}

export function autocleanScript(args: RunOptions): Script {
  return lines(sh`${QUIET}`, sh`apt-get -y ${options(args)} autoclean`);
}

/** apt-get update, tried again with growing delays; prints the time of the lists at the end. */
export function updateScript(retries: number, longest: number, lock: number): Script {
  return lines(
    sh`${QUIET}`,
    sh`try=0; delay=1
until apt-get -q -y -o DPkg::Lock::Timeout=${lock} -o APT::Update::Error-Mode=any update; do
  try=$((try + 1)); [ "$try" -ge ${retries} ] && exit 100
  sleep "$delay"; delay=$((delay * 2)); [ "$delay" -gt ${longest} ] && delay=${longest}
done`,
    PRINT_STAMP,
  );
}

function policy(code: number): Script {
  return sh`kept=; [ -e /usr/sbin/policy-rc.d ] && { kept=/usr/sbin/policy-rc.d.kept.$$; mv /usr/sbin/policy-rc.d "$kept"; }
trap 'rm -f /usr/sbin/policy-rc.d; [ -z "$kept" ] || mv "$kept" /usr/sbin/policy-rc.d' EXIT
printf '#!/bin/sh\nexit %s\n' ${code} > /usr/sbin/policy-rc.d; chmod 0755 /usr/sbin/policy-rc.d`;
}

/** What is registered of a run of apt-get. */
export function outputOf(output: StepResult): JsonObject {
  return { stdout: decode(output.stdout), stderr: decode(output.stderr), diff: {} };
}
