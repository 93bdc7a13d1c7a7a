// The events of the recorded playbook (test/conformance/recorded/output), as the executor gives them: what every report
// is tested with. The messages are the reference's, so that its text can be compared letter by letter.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Event, HostResult, TaskIdentity } from '../../engine/model/event.ts';
import type { TaskResult } from '../../engine/model/result.ts';
import type { JsonObject } from '../../engine/model/value.ts';
import type { Screen } from '../../engine/report/listener.ts';

const FOLDER = new URL('../conformance/recorded/output/', import.meta.url);

export function recorded(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Sources as `/play/...`, the way recordings name them. */
export function readLines(file: string): readonly string[] | undefined {
  if (!file.startsWith('/play/')) return undefined;
  return readFileSync(fileURLToPath(new URL(file.slice('/play/'.length), FOLDER)), 'utf8').split('\n');
}

export class Page implements Screen {
  readonly width = 79;
  readonly colourOut: boolean;
  readonly colourErr = false;
  outText = '';
  errText = '';
  constructor(colour = false) {
    this.colourOut = colour;
  }
  out(text: string): void {
    this.outText += text;
  }
  err(text: string): void {
    this.errText += text;
  }
}

let serial = 0;

export function task(name: string, line: number, more: Partial<TaskIdentity> = {}): TaskIdentity {
  return {
    address: `0/${serial++}`,
    name,
    action: name,
    position: { file: '/play/playbook.yml', line, column: 7 },
    handler: false,
    tags: [],
    role: undefined,
    noLog: false,
    checkMode: false,
    diff: false,
    ...more,
  };
}

export function outcome(
  task: TaskIdentity,
  result: Partial<TaskResult> & Pick<TaskResult, 'status'>,
  registered: JsonObject,
  more: Partial<HostResult> = {},
): HostResult {
  const shared = { data: registered, certainty: 'certain', changes: [], applied: true, reason: '', ignored: false };
  return {
    task,
    host: 'web',
    result: { ...shared, ...result } as unknown as TaskResult,
    registered,
    duration: 1,
    started: '2026-01-01T00:00:00.000Z',
    ended: '2026-01-01T00:00:00.001Z',
    ...more,
  };
}

export function finished(outcome: HostResult, loop = false): Event {
  return { kind: 'host-finished', outcome, loop };
}

function item(outcome: HostResult, label: string): Event {
  return {
    kind: 'item-finished',
    task: outcome.task,
    host: outcome.host,
    label,
    item: outcome,
    address: `${outcome.task.address}/0`,
  };
}

const failure = (message: string) => ({ failure: { message } });

function command(words: readonly string[], stdout: string, changed = true): JsonObject {
  return {
    changed,
    cmd: words,
    delta: '0:00:00.001000',
    end: '2026-01-01 00:00:00.000000',
    failed: false,
    msg: '',
    rc: 0,
    start: '2026-01-01 00:00:00.000000',
    stderr: '',
    stderr_lines: [],
    stdout,
    stdout_lines: [stdout],
  };
}

const CENSORED = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";
const SKIP = {
  changed: false,
  false_condition: 'said.rc != 0',
  skip_reason: 'Conditional result was False',
  skipped: true,
};

function play(id: string, name: string, line: number, hosts: readonly string[]): Event {
  return {
    kind: 'play-started',
    id,
    name,
    position: { file: '/play/playbook.yml', line, column: 3 },
    hosts,
    checkMode: false,
  };
}

/** One task on `web`: banner, start, what happened. */
function run(task: TaskIdentity, ...happened: readonly Event[]): Event[] {
  return [{ kind: 'task-started', task }, { kind: 'host-started', task, host: 'web' }, ...happened];
}

function loud(task: TaskIdentity, data: JsonObject): Event {
  const registered = { ...data, changed: false, failed: false };
  return finished(outcome(task, { status: 'ok', verboseAlways: true, data }, registered));
}

function debug(task: TaskIdentity, data: JsonObject): Event {
  return loud({ ...task, bare: true }, data);
}

export function recordedRun(): readonly Event[] {
  serial = 0;
  const events: Event[] = [
    { kind: 'run-started', playbooks: ['/play/playbook.yml'], checkMode: false },
    { kind: 'playbook-started', file: '/play/playbook.yml', plays: 3 },
    play('0', 'First play', 1, ['web']),
  ];
  const add = (...more: readonly Event[]): void => void events.push(...more);

  const hi = task('debug', 5);
  add(...run(hi, debug(hi, { msg: 'hi' })));
  const changed = task('changed', 6);
  add(...run(changed, finished(outcome(changed, { status: 'changed' }, command(['echo', 'hi'], 'hi')))));
  const ok = task('ok', 9);
  add(...run(ok, finished(outcome(ok, { status: 'ok' }, command(['echo', 'é ☃'], 'é ☃', false)))));

  const loop = task('loop', 12);
  const one = { ...command(['echo', '1'], '1'), ansible_loop_var: 'item', item: 1 };
  const two = {
    ansible_loop_var: 'item',
    changed: false,
    false_condition: 'item != 2',
    item: 2,
    skip_reason: SKIP.skip_reason,
    skipped: true,
  };
  add(
    ...run(
      loop,
      item(outcome(loop, { status: 'changed' }, one), '1'),
      item(outcome(loop, { status: 'skipped' }, two), '2'),
      finished(
        outcome(loop, { status: 'changed' }, { changed: true, msg: 'All items completed', results: [one, two] }),
        true,
      ),
    ),
  );

  const failing = task('loop that fails', 16);
  const bad = { ansible_loop_var: 'item', changed: false, failed: true, item: 'a', msg: 'no a' };
  add(
    ...run(
      failing,
      item(outcome(failing, { status: 'failed', ...failure('Action failed: no a') }, bad), 'a'),
      finished(
        outcome(
          failing,
          { status: 'failed', ...failure('One or more items failed'), ignored: true },
          { changed: false, failed: true, msg: 'One or more items failed', results: [bad] },
        ),
        true,
      ),
    ),
  );

  const labelled = task('labelled', 20);
  const shown = { ansible_loop_var: 'item', changed: false, failed: false, item: { a: 'x', b: 'y' }, msg: 'x' };
  add(
    ...run(
      labelled,
      item(outcome({ ...labelled, bare: true }, { status: 'ok', verboseAlways: true, data: { msg: 'x' } }, shown), 'y'),
      finished(
        outcome(
          { ...labelled, bare: true },
          { status: 'ok', verboseAlways: true, data: {} },
          { changed: false, msg: 'All items completed', results: [shown] },
        ),
        true,
      ),
    ),
  );

  const skipped = task('skipped', 24);
  add(...run(skipped, finished(outcome(skipped, { status: 'skipped' }, SKIP))));
  const skippedLoop = task('skipped loop', 27);
  const none = { ...SKIP, ansible_loop_var: 'item', item: 1 };
  add(
    ...run(
      skippedLoop,
      item(outcome(skippedLoop, { status: 'skipped' }, none), '1'),
      finished(
        outcome(
          skippedLoop,
          { status: 'skipped' },
          { changed: false, msg: 'All items skipped', results: [none], skipped: true },
        ),
        true,
      ),
    ),
  );

  const delegated = task('delegated', 31);
  const delegate = { name: 'db', address: '127.0.0.5' };
  add(
    ...run(
      delegated,
      finished(outcome(delegated, { status: 'changed' }, command(['echo', 'there'], 'there'), { delegate })),
    ),
  );

  const include = task('include_tasks', 34);
  add(...run(include, { kind: 'included', task: include, file: '/play/included.yml', hosts: ['web'], label: 'a' }));
  const within = task('within', 1, { position: { file: '/play/included.yml', line: 1, column: 3 } });
  add(...run(within, debug(within, { msg: 'in a' })));

  const retried = task('retried', 36);
  const notYet = { attempts: 1, changed: false, failed: true, msg: 'not yet' };
  add(
    ...run(
      retried,
      { kind: 'retrying', task: retried, host: 'web', retriesLeft: 1, result: notYet },
      finished(outcome(retried, { status: 'failed', ...failure('Action failed: not yet'), ignored: true }, notYet)),
    ),
  );

  const hidden = task('hidden', 43, { noLog: true });
  add(
    ...run(hidden, finished(outcome(hidden, { status: 'changed', data: {} }, { censored: CENSORED, changed: true }))),
  );

  const written = task('written', 46, { diff: true });
  const path = '/tmp/troupe-recorded.txt';
  const diffs = [{ before: 'a\nb\n', after: 'a\nX\nb\n', beforeHeader: path, afterHeader: path }];
  const file = {
    changed: true,
    checksum: 'db79355bda04ce313c7c3b23c3781c38a570ce81',
    dest: path,
    diff: [{ before: 'a\nb\n', after: 'a\nX\nb\n', before_header: path, after_header: path }],
    gid: 0,
    group: 'root',
    md5sum: '51775f6d86df853f0b18bc8f79c8f03e',
    mode: '0600',
    owner: 'root',
    size: 6,
    src: '/tmp/source',
    state: 'file',
    uid: 0,
  };
  add(...run(written, finished(outcome(written, { status: 'changed', diffs }, file))));

  for (const [line, data, perHost] of [
    [50, { x: 1, y: [1] }, false],
    [51, { z: 1 }, true],
  ] as const) {
    const stats = task('set_stats', line);
    const ansible_stats = { aggregate: true, data, per_host: perHost };
    add({ kind: 'stats-set', host: perHost ? 'web' : undefined, data });
    add(...run(stats, finished(outcome(stats, { status: 'ok' }, { ansible_stats, changed: false }))));
  }

  const boom = task('fail', 53, { position: { file: '/play/playbook.yml', line: 53, column: 11 } });
  const boomed = { changed: false, failed: true, msg: 'boom' };
  add(...run(boom, finished(outcome(boom, { status: 'failed', ...failure('Action failed: boom') }, boomed))));
  add({ kind: 'rescued', host: 'web', task: boom });
  const rescue = task('debug', 55);
  add(...run(rescue, debug(rescue, { 'ansible_failed_result.msg': 'boom' })));
  const assert = task('assert', 56);
  add(...run(assert, loud(assert, { msg: 'All assertions passed' })));
  const handler = task('tell', 58, { handler: true });
  add(...run(handler, debug(handler, { msg: 'told' })));

  add(play('1', 'nobody', 60, []));
  add({ kind: 'warned', message: 'Could not match supplied host pattern, ignoring: nobody' });
  add({ kind: 'no-hosts-matched', play: 'nobody' });
  add(play('2', 'Über ☃', 62, ['gone']));
  const ping = task('ping', 66);
  const lost =
    'Task failed: Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port 1: Connection refused';
  add(
    { kind: 'task-started', task: ping },
    { kind: 'host-started', task: ping, host: 'gone' },
    finished(
      outcome(
        ping,
        { status: 'unreachable', ...failure(lost) },
        { changed: false, msg: lost, unreachable: true },
        { host: 'gone' },
      ),
    ),
  );
  add({ kind: 'run-finished', exitCode: 4, interrupted: false });
  return events;
}
