// package: packages by whatever manager the host has.

import type { Bring, State } from '../engine/model/resource.ts';
import {
  ABSENT,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Resource,
} from '../engine/module/contract.ts';
import { type ArgsOf, argumentCheck, type Schema } from '../engine/module/schema.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { aptSchema } from './shared/apt/schema.ts';
import { type AptArgs, askApt, planApt } from './shared/apt/work.ts';
import { detectManager, PACKAGE_MANAGERS, type PackageManager, type PackageState } from './shared/packages.ts';
import { knownOf, noteOf } from './shared/seen.ts';

const CHOSEN: Resource = 'manager:packages';

const schema = {
  name: {
    type: 'list',
    elements: 'str',
    required: true,
    doc: "Names of packages, as the host's own manager knows them.",
  },
  state: {
    type: 'str',
    required: true,
    choices: ['present', 'installed', 'latest', 'absent', 'removed'],
    doc: 'What is wanted.',
  },
  use: { type: 'str', default: 'auto', doc: 'The manager, found on the host unless given.' },
} as const;

type Args = ArgsOf<typeof schema>;

const DNF = {
  enablerepo: { type: 'list', elements: 'str', doc: 'Repositories to use beside the enabled ones (dnf).' },
  disablerepo: { type: 'list', elements: 'str', doc: 'Repositories to leave out (dnf).' },
  disable_gpg_check: { type: 'bool', doc: 'Takes unsigned packages (dnf).' },
  allowerasing: { type: 'bool', doc: 'May remove what is in the way (dnf).' },
  nobest: { type: 'bool', doc: 'Takes an older version where the newest cannot be had (dnf).' },
} as const satisfies Schema;

/** What a manager's own module takes may be said here too; what is not said stays that module's to default. */
const PASSED: Schema = {
  ...Object.fromEntries(
    Object.entries(aptSchema as Schema)
      .filter(([name]) => !(name in schema))
      .map(([name, { default: _, ...arg }]) => [name, arg]),
  ),
  ...DNF,
};

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Installs, upgrades and removes packages with the manager that the host has.',
    examples: `
- name: Tools that every host has
  package:
    name: [curl, rsync]
    state: present
`,
  },
  schema: { ...schema, ...PASSED } as unknown as typeof schema,
  inspect: (args, site) =>
    args.use === 'auto' && site.facts['pkg_mgr'] === 'apt' ? noted(askApt(aptArgs(args))) : askHost(args),
  plan(args, seen): Plan | Question {
    const { manager, command, asked } = noteOf(seen, CHOSEN);
    if (manager === 'apt') {
      if (asked !== true) return noted(askApt(aptArgs(args)));
      const next = planApt(aptArgs(args), seen);
      return next.kind === 'question' ? noted(next) : next;
    }
    const found = PACKAGE_MANAGERS.find((one) => one.name === manager);
    if (found === undefined)
      throw new ModuleFailure(
        `Could not find a supported package manager on the host; known are apt, ${PACKAGE_MANAGERS.map((one) => one.name).join(', ')}`,
      );
    return planWith(found, String(command), args, seen);
  },
});

function stateOf(args: Args): PackageState {
  return args.state === 'installed' ? 'present' : args.state === 'removed' ? 'absent' : args.state;
}

function namesOf(args: Args): string[] {
  return args.name
    .flatMap((name) => name.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function aptArgs(args: Args): AptArgs {
  return argumentCheck(aptSchema).check(
    { ...passed(args), name: namesOf(args), state: stateOf(args) },
    { module: 'ansible.legacy.apt' },
  ) as unknown as AptArgs;
}

/** Arguments for the manager's own module, as far as they were given. */
function passed(args: Args): JsonObject {
  return Object.fromEntries(Object.entries(args as JsonObject).filter(([name]) => name in PASSED));
}

/** The words that say it to dnf. Throws ModuleFailure for what the manager does not know. */
function optionsFor(manager: PackageManager, args: Args): string[] {
  const { update_cache: refresh, ...given } = passed(args);
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const unknown = Object.keys(given).filter((name) => manager.name !== 'dnf' || !(name in DNF));
  if (unknown.length > 0)
    throw new ModuleFailure(
      `Unsupported parameters for (ansible.legacy.${manager.name}) module: ${unknown.join(', ')}`,
    );
  return [
    ...(refresh === true && manager.name === 'dnf' ? ['--refresh'] : []),
    ...list(given['enablerepo']).map((name) => `--enablerepo=${name}`),
    ...list(given['disablerepo']).map((name) => `--disablerepo=${name}`),
    ...(given['disable_gpg_check'] === true ? ['--nogpgcheck'] : []),
    ...(given['allowerasing'] === true ? ['--allowerasing'] : []),
    ...(given['nobest'] === true ? ['--nobest'] : []),
  ];
}

/** The question for apt, whose answer also says that it was asked. */
function noted(question: Question): Question {
  return {
    ...question,
    read: (answer): Observed => new Map([...question.read(answer), [CHOSEN, { manager: 'apt', asked: true }]]),
  };
}

/** Which manager there is and, when it is not apt, what it has. */
function askHost(args: Args): Question {
  const asks = PACKAGE_MANAGERS.map(
    (one) => `${one.name}) ( ${sh`set -- ${namesOf(args)}`}; ${one.installed} );;`,
  ).join('\n');
  const script = lines(
    detectManager(args.use),
    sh`printf '%s %s\n' "$manager" "$command"`,
    `case $manager in\n${asks}\nesac\nexit 0` as ReturnType<typeof sh>,
  );
  return {
    kind: 'question',
    script,
    read(answer) {
      const [first = '', ...rows] = new TextDecoder().decode(answer.stdout).split('\n');
      const [manager = '', command = ''] = first.split(' ');
      const seen = new Map<Resource, State>([[CHOSEN, { manager, command, asked: false }]]);
      for (const name of namesOf(args)) seen.set(`package:${name}`, ABSENT);
      for (const row of rows.filter((line) => line.includes('\t'))) {
        const [name = '', version = ''] = row.split('\t');
        seen.set(`package:${name}`, { version });
      }
      return seen;
    },
  };
}

const PERHAPS: readonly Bring[] = (['unit:*', 'user:*', 'group:*', 'file:*', 'command:*'] as const).map((of) => ({
  of,
  as: {},
  sure: false,
}));

function planWith(manager: PackageManager, command: string, args: Args, seen: Observed): Plan {
  const state = stateOf(args);
  const options = optionsFor(manager, args);
  const refreshes = passed(args)['update_cache'] === true && manager.name !== 'dnf';
  const isThere = (name: string): boolean => knownOf(seen, `package:${name}`) !== undefined;
  const names = namesOf(args).filter((name) =>
    state === 'absent' ? isThere(name) : state === 'latest' || !isThere(name),
  );
  if (names.length === 0) return { kind: 'plan', actions: [], data: { msg: 'Nothing to do', results: [], rc: 0 } };
  const before = (name: string): JsonObject | typeof ABSENT => knownOf(seen, `package:${name}`) ?? ABSENT;
  return {
    kind: 'plan',
    actions: [
      {
        changes: names.map((name) =>
          state === 'absent'
            ? { of: `package:${name}`, before: before(name), after: ABSENT }
            : { of: `package:${name}`, before: before(name), after: { version: 'foreseen' }, brings: PERHAPS },
        ),
        changedBy: (output) => !/Nothing to do|0 newly installed/.test(new TextDecoder().decode(output.stdout)),
        step: {
          run: lines(refreshes && manager.refresh(command), manager.run(command, state, options, names)),
          failure: `${manager.name} could not make ${names.join(', ')} ${state}`,
        },
      },
    ],
    data: { rc: 0 },
    conclude: ([output]) => ({ results: [new TextDecoder().decode(output!.stdout)] }),
  };
}
