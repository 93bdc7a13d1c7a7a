// The JSON document has the shape of ansible.posix's callback, and stdout holds nothing else.

import { expect, it } from 'vitest';
import { JsonReport } from '../../engine/report/json.ts';
import { LiveLine } from '../../engine/report/live.ts';
import { DEFAULT_LOOK } from '../../engine/report/look.ts';
import { Notices } from '../../engine/report/notices.ts';
import { Tally } from '../../engine/report/tally.ts';
import { finished, outcome, Page, readLines, recordedRun, task } from './recorded-run.ts';

it('gives one document', () => {
  const page = new Page();
  const now = '2026-01-01T00:00:00.000Z';
  const report = new JsonReport(page, new Notices(page, DEFAULT_LOOK, readLines), () => now);
  for (const event of recordedRun()) report.hear(event);
  const document = JSON.parse(page.outText);
  expect(Object.keys(document)).toEqual(['custom_stats', 'global_custom_stats', 'plays', 'stats']);
  expect(document.custom_stats).toEqual({ web: { z: 1 } });
  expect(document.global_custom_stats).toEqual({ x: 1, y: [1] });
  expect(document.plays.map((play: { play: { name: string } }) => play.play.name)).toEqual([
    'First play',
    'nobody',
    'Über ☃',
  ]);
  expect(document.plays[0].play).toEqual({
    duration: { end: now, start: now },
    id: '0',
    name: 'First play',
    path: '/play/playbook.yml:1',
  });
  expect(document.plays[0].tasks[0]).toEqual({
    hosts: { web: { action: 'debug', changed: false, msg: 'hi' } },
    task: { duration: { end: now, start: now }, id: '0/0', name: 'debug', path: '/play/playbook.yml:5' },
  });
  expect(document.stats).toEqual({
    gone: { changed: 0, failures: 0, ignored: 0, ok: 0, rescued: 0, skipped: 0, unreachable: 1 },
    web: { changed: 5, failures: 0, ignored: 2, ok: 17, rescued: 1, skipped: 2, unreachable: 0 },
  });
  expect(page.errText).toContain('[WARNING]: Could not match supplied host pattern');
});

it('folds events into an exit code', () => {
  const code = (...statuses: readonly ('ok' | 'failed' | 'unreachable')[]): number => {
    const tally = new Tally();
    for (const [index, status] of statuses.entries())
      tally.hear(finished(outcome(task('t', 1), { status, failure: { message: 'x' } }, {}, { host: `h${index}` })));
    return tally.exitCode();
  };
  expect(code('ok')).toBe(0);
  expect(code('ok', 'failed')).toBe(2);
  expect(code('failed', 'unreachable')).toBe(4);
});

it('counts a rescue only for a failure that counted', () => {
  const tally = new Tally();
  const at = task('t', 1);
  tally.hear(finished(outcome(at, { status: 'failed', failure: { message: 'x' } }, {})));
  tally.hear({ kind: 'rescued', host: 'web', task: at });
  tally.hear({ kind: 'rescued', host: 'other', task: at });
  expect(tally.of('web')).toMatchObject({ failed: 0, rescued: 1 });
  expect(tally.of('other')).toMatchObject({ failed: 0, rescued: 0 });
});

it('says on the live line who is at what, and steps aside for text', () => {
  const calls: string[] = [];
  const spinner = {
    text: '',
    isSpinning: false,
    start() {
      this.isSpinning = true;
      calls.push('start');
    },
    stop() {
      if (this.isSpinning) calls.push('stop');
      this.isSpinning = false;
    },
  };
  let now = 0;
  const live = new LiveLine(
    spinner as never,
    () => now,
    () => 60,
  );
  const at = task('copy files', 1);
  live.hear({ kind: 'host-started', task: at, host: 'web' });
  now = 65_000;
  live.hear({ kind: 'host-started', task: at, host: 'db' });
  expect(live.text()).toBe('copy files: web 1m05s, db 0s');
  live.hear({ kind: 'output', task: at, host: 'db', stream: 'out', text: 'one\ntwo\n' });
  expect(live.text()).toContain('| two');
  calls.length = 0;
  const page = new Page();
  live.wrap(page).out('line\n');
  expect(calls).toEqual(['stop', 'start']);
  expect(page.outText).toBe('line\n');
  live.hear(finished(outcome(at, { status: 'ok' }, {})));
  live.hear(finished(outcome(at, { status: 'ok' }, {}, { host: 'db' })));
  expect(spinner.isSpinning).toBe(false);
  live.close();
});
