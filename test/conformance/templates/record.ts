// `npm run conformance:templates:record -- FILE...`: asks the reference for its answers to cases and writes them back.
// REFERENCE names the folder of the current commands (2.19), CLASSIC that of the classic era (2.18 or before); a folder
// that is not given leaves its answers as they are.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface RawCase {
  readonly id: string;
  readonly template: string;
  readonly vars?: Record<string, unknown>;
  readonly mode?: 'when' | 'file';
  readonly files?: Record<string, string>;
  readonly extensions?: readonly string[];
  [answer: string]: unknown;
}

interface Told {
  readonly value: unknown;
  readonly repr: string | null;
  readonly error: string | null;
}

/** The answers to many cases in one play: a task (or three, for a template file) each. */
function ask(bin: string, cases: readonly RawCase[], classic: boolean): Map<string, Told> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-record-'));
  try {
    const tasks = cases.map((each, index) => taskFor(each, index, folder));
    writeFileSync(join(folder, 'play.json'), JSON.stringify([{ hosts: 'localhost', gather_facts: false, tasks }]));
    const extensions = [...new Set(cases.flatMap((each) => each.extensions ?? []))];
    const run = spawnSync(join(bin, 'ansible-playbook'), ['-i', 'localhost,', '-c', 'local', 'play.json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
        ANSIBLE_JINJA2_NATIVE: 'False',
        ANSIBLE_LOCALHOST_WARNING: 'False',
        ...(classic ? {} : { ANSIBLE_ALLOW_BROKEN_CONDITIONALS: 'True' }),
        ...(extensions.length === 0 ? {} : { ANSIBLE_JINJA2_EXTENSIONS: extensions.join(',') }),
      },
    });
    const start = run.stdout.indexOf('{');
    if (start < 0) throw new Error(`the reference said no JSON:\n${run.stdout}\n${run.stderr}`);
    const document = JSON.parse(run.stdout.slice(start)) as {
      plays: { tasks: { task: { name: string }; hosts: Record<string, Record<string, unknown>> }[] }[];
    };
    const told = new Map<string, Told>();
    for (const { task, hosts } of document.plays.flatMap((play) => play.tasks)) {
      const each = cases[Number(task.name)];
      const result = hosts['localhost'];
      if (each !== undefined && result !== undefined) told.set(each.id, understand(each, result, folder));
    }
    return told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function taskFor(each: RawCase, index: number, folder: string): Record<string, unknown> {
  const home = join(folder, `${index}`);
  mkdirSync(home);
  for (const [name, content] of Object.entries(each.files ?? {})) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  const base = { name: `${index}`, ignore_errors: true, vars: each.vars ?? {} };
  if (each.mode === 'when') return { ...base, debug: { msg: 'holds' }, when: each.template };
  if (each.mode === 'file') {
    writeFileSync(join(home, 'case.j2'), each.template);
    return { ...base, template: { src: join(home, 'case.j2'), dest: join(home, 'out') } };
  }
  return {
    ...base,
    vars: { ...base.vars, case_value: each.template },
    debug: { msg: { value: '{{ case_value }}', repr: "{{ '%r' % [case_value] }}x" } },
  };
}

function understand(each: RawCase, result: Record<string, unknown>, folder: string): Told {
  if (result['failed'] === true) return { value: null, repr: null, error: String(result['msg']) };
  if (each.mode === 'when') {
    const holds = result['skipped'] !== true;
    return { value: holds, repr: holds ? 'True' : 'False', error: null };
  }
  if (each.mode === 'file') {
    const text = readFileSync(
      join(
        folder,
        String(result['dest'] ?? '')
          .split('/')
          .at(-2) ?? '',
        'out',
      ),
      'utf8',
    );
    return { value: text, repr: null, error: null };
  }
  const told = result['msg'] as { value: unknown; repr: string };
  return { value: told.value, repr: told.repr.slice(1, -2), error: null };
}

function recordFile(file: string): number {
  const document = JSON.parse(readFileSync(file, 'utf8')) as RawCase[];
  for (const [bin, classic, keys] of [
    [process.env['REFERENCE'], false, ['modern', 'modern_repr', 'modern_error']],
    [process.env['CLASSIC'], true, ['value', 'value_repr', 'error']],
  ] as const) {
    if (bin === undefined) continue;
    for (let at = 0; at < document.length; at += 100) {
      const batch = document.slice(at, at + 100);
      const told = ask(bin, batch, classic);
      for (const each of batch) {
        const answer = told.get(each.id);
        if (answer === undefined) throw new Error(`${file}: no answer to ${each.id}`);
        each[keys[0]] = answer.value;
        each[keys[1]] = answer.repr;
        each[keys[2]] = answer.error;
      }
    }
  }
  writeFileSync(file, `[\n${document.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
  return document.length;
}

const files = process.argv.slice(2);
if (files.length === 0 || (process.env['REFERENCE'] === undefined && process.env['CLASSIC'] === undefined)) {
  console.error(
    'usage: REFERENCE=/folder/of/2.19/commands CLASSIC=/folder/of/2.14/commands npm run conformance:templates:record -- FILE...',
  );
  process.exitCode = 2;
} else {
  for (const file of files) console.log(`${file}: ${recordFile(file)} cases recorded`);
}
