import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { joined, parted, tripsOf } from '../../engine/execute/trip.ts';
import type { Action, Step } from '../../engine/module/contract.ts';
import { type Script, sh } from '../../engine/module/sh.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { runScript } from '../modules/miniature.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-trip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, more: object = {}): Step => ({ run: script as Script, ...more });
const put = (bytes: string | Uint8Array): Step => ({ put: join(folder, 'file'), bytes: sourceOf(bytes) });
const reconnect: Step = { effect: { kind: 'reconnect', timeout: 1 } };
const actions = (...steps: Step[]): Action[] => steps.map((step) => ({ changes: [], step }));

describe('tripsOf', () => {
  const cases: [string, Step[], number[]][] = [
    ['nothing', [], []],
    ['scripts', [run('a'), run('b'), run('c')], [3]],
    ['scripts and small texts', [run('a'), put('x'), run('b')], [3]],
    ['bytes that are no text', [run('a'), put(new Uint8Array([0, 255])), run('b')], [1, 1, 1]],
    ['a large file', [put('x'.repeat(70_000)), run('b')], [1, 1]],
    ['more than a script should carry', [1, 2, 3].map(() => put('x'.repeat(50_000))), [2, 1]],
    ["a user's command", [run('a'), run('b', { foreground: true }), run('c'), run('d')], [1, 1, 2]],
    [
      'input, output and scratch files of its own',
      [run('a', { stdin: sourceOf('') }), run('b', { onOutput: true })],
      [1, 1],
    ],
    ['the end of the link', [run('a'), run('reboot'), reconnect, run('b')], [1, 1, 1, 1]],
  ];
  it.each(cases)('%s', (_name, steps, sizes) => {
    expect(tripsOf(actions(...steps)).map((trip) => trip.length)).toEqual(sizes);
  });
});

describe('joined steps', () => {
  const MARK = '\x1emark';
  const play = (...steps: Step[]): [number, string, string][] => {
    const trip = joined(steps, MARK);
    return parted(runScript(trip.script, { uses: trip.uses }), MARK).map(({ rc, stdout, stderr }) => [
      rc,
      Buffer.from(stdout).toString('latin1'),
      Buffer.from(stderr).toString('latin1'),
    ]);
  };

  it('answer one by one', () => {
    expect(play(run('echo a; echo b >&2'), run('printf %s c'), run(''))).toEqual([
      [0, 'a\n', 'b\n'],
      [0, 'c', ''],
      [0, '', ''],
    ]);
  });

  it('keep to themselves', () => {
    expect(
      play(run('cd /; x=1; exit 0'), run('echo "${x-unset}"; umask', { umask: '027' }), run('cat; umask')),
    ).toEqual([
      [0, '', ''],
      [0, 'unset\n0027\n', ''],
      [0, '0022\n', ''],
    ]);
  });

  it('end at the first that fails', () => {
    expect(play(run('echo a'), run('echo no >&2; exit 3'), run(sh`echo late`))).toEqual([
      [0, 'a\n', ''],
      [3, '', 'no\n'],
    ]);
  });

  it('go on where a failure is tolerated', () => {
    expect(play(run('exit 3', { tolerate: true }), run('echo b'))).toEqual([
      [3, '', ''],
      [0, 'b\n', ''],
    ]);
  });

  it('carry bytes that are no text, and functions', () => {
    const uses = [{ name: 'greet', text: 'greet() { echo "hello $1"; }' as Script }];
    expect(play(run("printf '\\377\\000x'"), run('greet you', { uses }))).toEqual([
      [0, '\xff\x00x', ''],
      [0, 'hello you\n', ''],
    ]);
  });

  it('write files as they are', () => {
    const text = "it's\n%s \\n 'q' \u{1F600}\nno newline at the end";
    expect(play({ put: join(folder, 'text'), bytes: sourceOf(text), mode: '0640' }, run('exit 0'))).toEqual([
      [0, '', ''],
      [0, '', ''],
    ]);
    expect(readFileSync(join(folder, 'text'), 'utf8')).toBe(text);
    expect(statSync(join(folder, 'text')).mode & 0o777).toBe(0o640);
  });

  it('are cut short where the script was', () => {
    const whole = runScript(joined([run('echo a'), run('echo b')], MARK).script);
    const stdout = Buffer.from(whole.stdout).subarray(0, whole.stdout.length - 3);
    expect(parted({ ...whole, stdout }, MARK).map(({ rc }) => rc)).toEqual([0]);
  });
});
