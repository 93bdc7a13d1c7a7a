// The human report against recordings of the reference, letter by letter, under every setting that changes it.

import { describe, expect, it } from 'vitest';
import { resultYaml } from '../../engine/cli/result-yaml.ts';
import { HumanReport } from '../../engine/report/human.ts';
import { DEFAULT_LOOK, type Look } from '../../engine/report/look.ts';
import { finished, outcome, Page, readLines, recorded, recordedRun, task } from './recorded-run.ts';

function show(look: Partial<Look>, colour = false): Page {
  const page = new Page(colour);
  const report = new HumanReport(page, { ...DEFAULT_LOOK, ...look }, readLines);
  for (const event of recordedRun()) report.hear(event);
  return page;
}

/** What the reference says of itself at -v and above, which has no event. */
function withoutHeading(text: string): string {
  const start = text.search(/^\nPLAY/m);
  return start < 0 ? text : text.slice(start);
}

const CASES: readonly (readonly [string, Partial<Look>, boolean?])[] = [
  ['default', {}],
  ['v', { verbosity: 1 }],
  ['yaml', { resultFormat: 'yaml', yaml: (value) => resultYaml(value, false) }],
  ['pretty', { formatPretty: true }],
  ['no_skipped', { displaySkippedHosts: false }],
  ['no_ok', { displayOkHosts: false }],
  ['failed_stderr', { displayFailedStderr: true }],
  ['path_on_failure', { showTaskPathOnFailure: true }],
  ['host_start', { showPerHostStart: true }],
  ['custom_stats', { showCustomStats: true }],
  ['colour', {}, true],
];

describe('the human report', () => {
  for (const [name, look, colour] of CASES) {
    it(`prints what the reference prints: ${name}`, () => {
      const page = show(look, colour);
      expect(page.outText).toBe(withoutHeading(recorded(`${name}.out`)));
      if (!colour) expect(page.errText).toBe(recorded(`${name}.err`));
    });
  }

  it('shows the way of each task at -vv', () => {
    const ours = show({ verbosity: 2 }).outText;
    const theirs = withoutHeading(recorded('vv.out'))
      // What only the executor can say, by events of its own.
      .replace(/^Notification for handler .*\n/m, '')
      .replace(/^NOTIFIED HANDLER .*\n/m, '');
    expect(ours.replace('3 plays in /play/playbook.yml', '3 plays in playbook.yml')).toBe(theirs);
  });

  it('shows of a bare result that failed only what it says, and so of its loop', () => {
    const page = new Page();
    const report = new HumanReport(page, DEFAULT_LOOK, readLines);
    const bare = task('debug', 5, { bare: true });
    const failed = { status: 'failed', failure: { message: 'no' } } as const;
    const bad = { ansible_loop_var: 'item', item: 1, changed: false, failed: true, msg: 'no' };
    const all = { msg: 'One or more items failed', results: [bad], changed: false };
    const item = outcome(bare, { ...failed, data: { msg: 'no' } }, bad);
    report.hear({ kind: 'item-finished', task: bare, host: 'web', label: '1', item, address: bare.address });
    report.hear(finished(outcome(bare, { ...failed, data: all }, { ...all, failed: true }), true));
    expect(page.outText.split('\n').filter((line) => line.includes('web'))).toEqual([
      'failed: [web] (item=1) => {"msg": "no"}',
      'fatal: [web]: FAILED! => {"msg": "One or more items failed"}',
    ]);
  });
});
