// package: packages by whatever manager the host has.

import type { ArgsOf } from '../engine/module/schema.ts';
import { defineModule, ModuleFailure, type Observed, type Plan, type Question, type Resource } from '../engine/module/contract.ts';
import type { State } from '../engine/model/resource.ts';
import { sh } from '../engine/module/sh.ts';
import apt from './shared/apt/module.ts';
import { aptSchema } from './shared/apt/schema.ts';
import { rpmPlan, rpmQuestion } from './shared/rpm.ts';
import { argumentCheck } from '../engine/module/schema.ts';

const MANAGERS = { apt: 'apt-get', dnf: 'dnf', yum: 'yum' } as const;
type Manager = keyof typeof MANAGERS;
const CHOSEN: Resource = 'manager:packages';

const schema = {
  name: { type: 'list', elements: 'str', required: true, doc: 'Names of packages, as the host\'s own manager knows them.' },
  state: { type: 'str', required: true, choices: ['present', 'installed', 'latest', 'absent', 'removed'], doc: 'What is wanted.' },
  use: { type: 'str', default: 'auto', doc: 'The manager: apt, dnf or yum; found on the host unless given.' },
} as const;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Installs, upgrades and removes packages with the manager that the host has.',
    notes: ['apt, dnf and yum are supported; another one is refused by name.'],
    examples: `
- name: Tools that every host has
  package:
    name: [curl, rsync]
    state: present
`,
  },
  schema,
  inspect(args, site) {
    const manager = wantedOf(args, String(site.facts['pkg_mgr'] ?? ''));
    return manager === undefined ? askManager() : noted(manager, questionOf(manager, args, site));
  },
  plan(args, seen, site): Plan | Question {
    const state = seen.get(CHOSEN) as { manager: string; asked: boolean };
    const manager = wantedOf(args, state.manager);
    if (manager === undefined) throw new ModuleFailure(`Could not find a supported package manager on the host (found: ${state.manager || 'none'}); it takes ${Object.keys(MANAGERS).join(', ')}`);
    if (!state.asked) return noted(manager, questionOf(manager, args, site));
    if (manager !== 'apt') return rpmPlan(common(args), seen);
    const next = apt.plan(aptArgs(args), seen, site);
    return next.kind === 'question' ? noted(manager, next) : next;
  },
});

type Args = ArgsOf<typeof schema>;

function wantedOf(args: Args, found: string): Manager | undefined {
  const name = args.use === 'auto' ? found : args.use.replace(/^ansible\.(?:builtin|legacy)\./, '').replace(/^dnf5$/, 'dnf');
  return name in MANAGERS ? (name as Manager) : undefined;
}

function askManager(): Question {
  return {
    kind: 'question',
    script: sh`for m in apt-get dnf yum zypper apk pacman; do command -v $m >/dev/null 2>&1 && { echo $m; exit 0; }; done; exit 0`,
    read(answer) {
      const program = new TextDecoder().decode(answer.stdout).trim();
      return new Map<Resource, State>([[CHOSEN, { manager: program.replace('apt-get', 'apt'), asked: false }]]);
    },
  };
}

/** The question, whose answer also says that it was asked. */
function noted(manager: Manager, question: Question): Question {
  return { ...question, read: (answer): Observed => new Map([...question.read(answer), [CHOSEN, { manager, asked: true }]]) };
}

function questionOf(manager: Manager, args: Args, site: Parameters<typeof apt.inspect>[1]): Question {
  return manager === 'apt' ? apt.inspect(aptArgs(args), site) : rpmQuestion(common(args));
}

function common(args: Args): { name: readonly string[]; state: 'present' | 'latest' | 'absent' } {
  const state = args.state === 'installed' ? 'present' : args.state === 'removed' ? 'absent' : args.state;
  return { name: args.name.flatMap((name) => name.split(',')).map((name) => name.trim()).filter((name) => name !== ''), state };
}

function aptArgs(args: Args): ArgsOf<typeof aptSchema> {
  const { name, state } = common(args);
  return argumentCheck(aptSchema).check({ name, state }, { module: 'package' }) as unknown as ArgsOf<typeof aptSchema>;
}
