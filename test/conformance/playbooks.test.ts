// The same playbooks under troupe and, recorded, under the reference: statuses, results, recap and exit code per host and
// task. What is known to differ stands in DIFFERENT with its reason; a difference that is gone must leave the list.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playbookCommand } from '../../engine/cli/playbook.ts';
import { Page } from '../report/recorded-run.ts';
import { answersOf } from './answers.mjs';

const FOLDER = fileURLToPath(new URL('playbooks/', import.meta.url));

/** Names of playbooks whose answers differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  check_mode: 'the forecast knows what an unapplied copy leaves to a later task, by intent',
};

interface Answers {
  readonly exitCode: number;
  readonly plays: readonly { readonly name: string; readonly tasks: readonly unknown[] }[];
  readonly stats: unknown;
}

async function play(name: string): Promise<Answers> {
  const cwd = join(FOLDER, name);
  const file = join(cwd, 'options.json');
  const options: string[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const page = new Page();
  const exitCode = await playbookCommand({
    program: 'ansible-playbook',
    argv: ['-i', join(FOLDER, 'inventory'), join(cwd, 'playbook.yml'), ...options],
    environment: { ...process.env, ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_CONFIG: '/dev/null' },
    cwd,
    screen: page,
    signal: new AbortController().signal,
  });
  return JSON.parse(JSON.stringify(answersOf(JSON.parse(page.outText), exitCode)).replaceAll(cwd, '/play')) as Answers;
}

function recorded(name: string): Answers {
  return JSON.parse(readFileSync(join(FOLDER, name, 'answers.recorded.json'), 'utf8')) as Answers;
}

describe('playbooks answer as under the reference', () => {
  const names = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names) {
    const different = DIFFERENT[name];
    it(different === undefined ? name : `${name} (known to differ: ${different})`, async () => {
      const [ours, theirs] = [await play(name), recorded(name)];
      if (different === undefined) expect(ours).toEqual(theirs);
      else expect(ours).not.toEqual(theirs);
    }, 60_000);
  }
});
