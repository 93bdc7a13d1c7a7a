// Gathering facts: which groups a subset names, one script for all of them, and the facts that come of it.

import {
  type ExecResult,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
} from '../../../engine/module/contract.ts';
import { lines } from '../../../engine/module/sh.ts';
import { readSections } from '../sections.ts';
import { noteOf } from '../seen.ts';
import { distribution } from './distribution.ts';
import type { FactGroup } from './group.ts';
import { HARDWARE } from './hardware.ts';
import { local } from './local.ts';
import { MANAGER_FACTS } from './managers.ts';
import { network } from './network.ts';
import { platform } from './platform.ts';
import { SECURITY } from './security.ts';
import { SYSTEM } from './system.ts';
import { virtual } from './virtual.ts';

const GROUPS: readonly FactGroup[] = [
  platform,
  distribution,
  ...SYSTEM,
  ...SECURITY,
  ...MANAGER_FACTS,
  local,
  ...HARDWARE,
  network,
  virtual,
];

/** Names that need Facter or Ohai on the host: asked for by name they gather nothing. */
const ELSEWHERE = ['facter', 'ohai'];

export interface FactArgs {
  readonly gather_subset: readonly string[];
  readonly gather_timeout: number;
  readonly filter: readonly string[];
  readonly fact_path: string;
}

/** The groups that a subset names. Throws ModuleFailure for a name that is none. */
export function chosenGroups(subset: readonly string[]): readonly FactGroup[] {
  const wanted = new Set<FactGroup>();
  const unwanted = new Set<FactGroup>();
  let without = false;
  let added = false;
  for (const word of subset.map((one) => one.trim()).filter((one) => one !== '')) {
    const negative = word.startsWith('!');
    const name = negative ? word.slice(1) : word;
    const groups = groupsNamed(name);
    if (negative && name === 'all') {
      for (const group of GROUPS) if (group.family !== 'min') unwanted.add(group);
      continue;
    }
    if (negative && name === 'min') without = true;
    for (const group of groups) (negative ? unwanted : wanted).add(group);
    added ||= !negative;
  }
  const base = added ? GROUPS.filter((group) => wanted.has(group)) : GROUPS.filter((group) => !unwanted.has(group));
  const kept = base.filter((group) => wanted.has(group) || !unwanted.has(group));
  const all = subset.includes('all');
  return GROUPS.filter(
    (group) =>
      (kept.includes(group) && !(all && unwanted.has(group))) ||
      (group.family === 'min' && !without && !unwanted.has(group)),
  );
}

function groupsNamed(name: string): readonly FactGroup[] {
  if (name === 'all') return GROUPS;
  const found = GROUPS.filter((group) => group.family === name || group.name === name || group.aliases.includes(name));
  if (found.length > 0 || ELSEWHERE.includes(name)) return found;
  const known = [
    'all',
    'min',
    'hardware',
    'network',
    'virtual',
    ...GROUPS.flatMap((group) => [group.name, ...group.aliases]),
  ];
  throw new ModuleFailure(
    `Bad subset '${name}' given to Ansible. gather_subset options allowed: ${[...new Set([...known, ...ELSEWHERE])].sort().join(', ')}`,
  );
}

/** One question for all facts. */
export function factQuestion(args: FactArgs): Question {
  const groups = chosenGroups(args.gather_subset);
  const options = { factPath: args.fact_path, timeout: args.gather_timeout };
  return {
    kind: 'question',
    script: lines(...groups.map((group) => group.script(options))),
    read: (answer) => readFacts(groups, answer),
  };
}

function readFacts(groups: readonly FactGroup[], answer: ExecResult): Observed {
  const sections = readSections(answer);
  return new Map([['facts:', Object.assign({}, ...groups.map((group) => group.read(sections))) as JsonObject]]);
}

/** The result: facts under `ansible_`, filtered. */
export function factPlan(args: FactArgs, seen: Observed): Plan {
  const facts: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(noteOf(seen, 'facts:'))) {
    if (matches(args.filter, name)) facts[`ansible_${name}`] = value;
  }
  const whole = args.filter.length === 0 || args.filter.includes('*');
  return {
    kind: 'plan',
    actions: [],
    data: { ansible_facts: whole ? { ...facts, gather_subset: [...args.gather_subset], module_setup: true } : facts },
  };
}

function matches(filters: readonly string[], name: string): boolean {
  const patterns = filters.filter((filter) => filter !== '');
  return (
    patterns.length === 0 ||
    patterns.some((pattern) => glob(pattern).test(name) || glob(pattern).test(`ansible_${name}`))
  );
}

/** A shell pattern as fnmatch reads it. */
function glob(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace(/\[!/g, '[^');
  return new RegExp(`^${text}$`);
}
