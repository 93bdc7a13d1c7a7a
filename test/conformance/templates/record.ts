// `npm run conformance:templates:record -- FILE...`: asks the reference for its answers to cases and writes them back.
// REFERENCE names the folder of the current commands (2.19), CLASSIC that of the classic era (2.18 or before); a folder
// that is not given leaves its answers as they are.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Dict, isDict, type Value } from '../../../engine/model/value.ts';
import { dumpJson } from '../../../engine/template/python/json.ts';
import { loadJson } from '../../../engine/template/python/jsonread.ts';

/** How the reference is asked: where its commands are, and which settings the answers hang on. */
interface Asking {
  readonly bin: string;
  readonly classic: boolean;
  readonly strict: boolean;
}

/** What one task told: its result, or why there is none. */
interface Told {
  readonly result: Dict;
  readonly error: string | null;
}

/** What is asked of each case, every one in a task of its own so that one's failure does not hide another's answer. */
type Question = 'value' | 'repr' | 'text' | 'when';

/** The answers to cases by `index:question`. A play that does not come to its end is halved until the culprit is alone. */
function ask(asking: Asking, cases: readonly Dict[]): Map<Dict, Map<Question, Told>> {
  const answers = new Map<Dict, Map<Question, Told>>();
  const folder = mkdtempSync(join(tmpdir(), 'troupe-record-'));
  try {
    const spoken = play(asking, cases, folder, answers);
    const silent = cases.filter((each) => (answers.get(each)?.size ?? 0) < questions(each, asking).length);
    if (silent.length === 0) return answers;
    if (cases.length === 1) {
      const told = { result: new Map(), error: spoken };
      return answers.set(cases[0]!, new Map(questions(cases[0]!, asking).map((question) => [question, told])));
    }
    const middle = Math.ceil(silent.length / 2);
    for (const half of [silent.slice(0, middle), silent.slice(middle)])
      if (half.length > 0) for (const [each, told] of ask(asking, half)) answers.set(each, told);
    return answers;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs one play over cases, fills in what each task told, and gives what the command said of errors. */
function play(asking: Asking, cases: readonly Dict[], folder: string, answers: Map<Dict, Map<Question, Told>>): string {
  const tasks = cases.flatMap((each, index) => tasksFor(each, index, folder, asking));
  const document = new Map<Value, Value>([
    ['hosts', 'localhost'],
    ['gather_facts', false],
    ['tasks', tasks],
  ]);
  writeFileSync(join(folder, 'play.yml'), dumpJson([document]));
  const extensions = extensionsOf(cases[0]!);
  const run = spawnSync(join(asking.bin, 'ansible-playbook'), ['-i', 'localhost,', '-c', 'local', 'play.yml'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
      ANSIBLE_JINJA2_NATIVE: 'False',
      ANSIBLE_LOCALHOST_WARNING: 'False',
      ...(asking.classic || asking.strict ? {} : { ANSIBLE_ALLOW_BROKEN_CONDITIONALS: 'True' }),
      ...(extensions === '' ? {} : { ANSIBLE_JINJA2_EXTENSIONS: extensions }),
    },
  });
  const start = run.stdout.indexOf('{\n');
  if (start < 0) return `${run.stdout}${run.stderr}`.trim();
  for (const { name, result } of results(loadJson(run.stdout.slice(start)))) {
    const [index, question] = name.split(':');
    const each = cases[Number(index)]!;
    if (question === 'kept') continue;
    const failed = result.get('failed') === true;
    const told = answers.get(each) ?? new Map<Question, Told>();
    answers.set(each, told);
    if (question === 'text' && !failed) result.set('text', String(result.get('msg')).replaceAll(MARK, ''));
    told.set(question as Question, { result, error: failed ? String(result.get('msg')) : null });
  }
  return run.stderr;
}

function* results(document: Value): Generator<{ name: string; result: Dict }> {
  for (const played of list(document, 'plays')) {
    for (const task of list(played, 'tasks')) {
      const result = at(at(task, 'hosts'), 'localhost');
      if (isDict(result)) yield { name: String(at(at(task, 'task'), 'name')), result };
    }
  }
}

function at(value: Value, key: string): Value {
  return isDict(value) ? (value.get(key) ?? null) : null;
}

function list(value: Value, key: string): readonly Value[] {
  const items = at(value, key);
  return Array.isArray(items) ? items : [];
}

function extensionsOf(each: Dict): string {
  return list(each, 'extensions').map(String).join(',');
}

const MARK = '<text>';

/** The classic era takes a lone variable's value for a file's text: no file is one with a mark before it. */
function marked(template: string, asking: Asking): string {
  return asking.classic && !template.startsWith('#jinja2:') ? `${MARK}${template}` : template;
}

function questions(each: Dict, asking: Asking): Question[] {
  const mode = each.get('mode');
  if (mode === 'when') return ['when'];
  if (mode === 'file') return ['text'];
  return asking.classic ? ['value', 'repr', 'text'] : ['value', 'repr'];
}

function tasksFor(each: Dict, index: number, folder: string, asking: Asking): Dict[] {
  const home = join(folder, `${index}`);
  mkdirSync(home);
  const files = each.get('files') ?? null;
  for (const [name, content] of isDict(files) ? files : []) {
    mkdirSync(dirname(join(home, String(name))), { recursive: true });
    writeFileSync(join(home, String(name)), String(content));
  }
  const template = each.get('template') ?? '';
  writeFileSync(join(home, 'case.j2'), marked(String(template), asking));
  const tasks = questions(each, asking).map((question) => {
    const vars: Dict = new Map(isDict(each.get('vars') ?? null) ? (each.get('vars') as Dict) : []);
    const task: Dict = new Map<Value, Value>([
      ['name', `${index}:${question}`],
      ['ignore_errors', true],
      ['vars', vars],
    ]);
    if (question === 'when') return task.set('debug', dict({ msg: 'holds' })).set('when', template);
    // The lookup gives the text that the module would write, without a program on the host.
    if (question === 'text')
      return task.set(
        'debug',
        dict({ msg: `${MARK}{{ lookup('template', '${join(home, 'case.j2')}', convert_data=False) }}` }),
      );
    if (question === 'value') return task.set('debug', dict({ msg: dict({ value: template }) }));
    // A list around it shows any value by its repr, and the letter behind keeps the classic era from reading it back.
    const shown = task.set('debug', dict({ msg: "{{ '%r' % [case_value] }}x" }));
    if (asking.classic) {
      vars.set('case_value', template);
      return shown;
    }
    // A fact holds what the template became at last (lists for tuples); a variable would still be on its way there.
    const kept: Dict = new Map(task);
    kept.delete('debug');
    kept.set('name', `${index}:kept`).set('set_fact', dict({ case_value: template }));
    shown.delete('vars');
    return dict({ name: `${index}:both`, block: [kept, shown] });
  });
  if (!isDict(files) || files.size === 0) return tasks;
  // Lookups find files beside the file that their task is written in.
  // YAML, not JSON: the classic era knows no places of JSON, and so not where its tasks are.
  writeFileSync(join(home, 'main.yml'), `---\n${dumpJson(tasks)}`);
  return [dict({ import_tasks: `${index}/main.yml` })];
}

function dict(entries: Record<string, Value>): Dict {
  return new Map(Object.entries(entries));
}

/** Writes one era's answers into a case. */
function note(each: Dict, told: Map<Question, Told>, [value, repr, error]: readonly [string, string, string]): void {
  const asked = told.get('when') ?? told.get('value') ?? told.get('text')!;
  const printed = told.get('repr');
  each.set(error, asked.error);
  each.set(value, asked.error !== null ? null : answerOf(each, asked.result));
  each.set(repr, asked.error !== null || printed === undefined || printed.error !== null ? null : bare(printed.result));
  if (value === 'value' && told.has('value')) each.set('text', told.get('text')?.result.get('text') ?? null);
}

function answerOf(each: Dict, result: Dict): Value {
  if (each.get('mode') === 'when') return result.get('skipped') !== true;
  if (each.get('mode') === 'file') return result.get('text') ?? null;
  return at(result.get('msg') ?? null, 'value');
}

/** The repr inside `[...]x`. */
function bare(result: Dict): string {
  return String(result.get('msg')).slice(1, -2);
}

function recordFile(file: string): number {
  const document = loadJson(readFileSync(file, 'utf8')) as Dict[];
  const groups = new Map<string, Dict[]>();
  for (const each of document) groups.set(extensionsOf(each), [...(groups.get(extensionsOf(each)) ?? []), each]);
  const { REFERENCE: reference, CLASSIC: era } = process.env;
  for (const cases of groups.values()) {
    if (reference !== undefined) {
      const told = ask({ bin: reference, classic: false, strict: false }, cases);
      for (const each of cases) note(each, told.get(each)!, ['modern', 'modern_repr', 'modern_error']);
      const conditions = cases.filter((each) => each.get('mode') === 'when');
      const strict = conditions.length === 0 ? [] : ask({ bin: reference, classic: false, strict: true }, conditions);
      for (const [each, told] of strict) each.set('modern_strict_error', told.get('when')!.error);
    }
    if (era !== undefined) {
      const told = ask({ bin: era, classic: true, strict: false }, cases);
      for (const each of cases) note(each, told.get(each)!, ['value', 'value_repr', 'error']);
    }
  }
  writeFileSync(file, `[\n${document.map((each) => dumpJson(each)).join(',\n')}\n]\n`);
  return document.length;
}

const files = process.argv.slice(2);
if (files.length === 0 || (process.env['REFERENCE'] === undefined && process.env['CLASSIC'] === undefined)) {
  console.error(
    'usage: REFERENCE=/folder/of/2.19 CLASSIC=/folder/of/2.14 npm run conformance:templates:record -- FILE...',
  );
  process.exitCode = 2;
} else {
  for (const file of files) console.log(`${file}: ${recordFile(file)} cases recorded`);
}
