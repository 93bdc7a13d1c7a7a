// The human report against recordings of the reference, letter by letter, under every setting that changes it.

import { describe, expect, it } from 'vitest';
import { resultYaml } from '../../engine/cli/result-yaml.ts';
import { HumanReport } from '../../engine/report/human.ts';
import { DEFAULT_LOOK, type Look } from '../../engine/report/look.ts';
import { Page, readLines, recorded, recordedRun } from './recorded-run.ts';

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
});
