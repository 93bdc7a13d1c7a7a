// unarchive against real archives in a temporary folder.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/model/value.ts';
import { sourceOf } from '../../engine/module/source.ts';
import unarchive from '../../modules/unarchive.ts';
import { ask, type Outcome, run, type Shell } from './miniature.ts';

const SHELLS: readonly Shell[] = [['sh'], ['busybox', 'sh']].filter(
  (words) => existsSync(`/usr/bin/${words[0]}`) || existsSync(`/bin/${words[0]}`),
);
const PACKERS: Readonly<Record<string, (to: string) => [string, string[]]>> = {
  'a.tgz': (to) => ['tar', ['czf', to, '.']],
  'a.tar': (to) => ['tar', ['cf', to, 'a b', 'd', 'l']],
  'a.zip': (to) => ['zip', ['-qry', to, '.']],
};

let folder: string;
const at = (path: string): string => join(folder, path);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-archive-'));
  mkdirSync(at('src/d'), { recursive: true });
  mkdirSync(at('out'));
  writeFileSync(at('src/a b'), 'one');
  writeFileSync(at('src/d/run'), 'two', { mode: 0o755 });
  symlinkSync('a b', at('src/l'));
  for (const name of Object.keys(PACKERS)) pack(name);
});
afterEach(() => rmSync(folder, { recursive: true }));

function pack(name: string): void {
  const [program, words] = PACKERS[name]!(at(name));
  rmSync(at(name), { force: true });
  execFileSync(program, words, { cwd: at('src') });
}

function settle(args: JsonObject, shell: Shell = ['sh']): Outcome {
  const first = run(unarchive, args, { shell });
  expect(first.changed).toBe(true);
  const second = run(unarchive, args, { shell });
  expect(second.plan.actions, 'the second plan').toEqual([]);
  return first;
}

const local = (name: string): JsonObject =>
  ({ type: 'file', path: at(name), mode: '0644', ...sourceOf(readFileSync(at(name))) }) as never;

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('unarchive under %s', (_, shell) => {
  it.each([
    ['a.tgz', 'TgzArchive'],
    ['a.tar', 'TarArchive'],
    ['a.zip', 'ZipArchive'],
  ])('unpacks %s of the host, and only once, at one trip', (name, handler) => {
    const args = { src: at(name), dest: at('out'), remote_src: true };
    const { data, changes } = settle(args, shell);
    expect(data).toMatchObject({
      dest: at('out'),
      src: at(name),
      handler,
      state: 'directory',
      extract_results: { rc: 0 },
    });
    expect(changes.map((change) => change.of).sort()).toEqual(
      ['a b', 'd', 'd/run', 'l'].map((path) => `file:${at(`out/${path}`)}`),
    );
    expect(readFileSync(at('out/a b'), 'utf8')).toBe('one');
    expect(lstatSync(at('out/l')).isSymbolicLink()).toBe(true);
    expect(statSync(at('out/d/run')).mode & 0o777).toBe(0o755);
    expect(run(unarchive, args, { shell }).trips).toBe(1);
    writeFileSync(at('out/a b'), 'mine');
    expect(run(unarchive, args, { shell }).changes.map((change) => change.of)).toEqual([`file:${at('out/a b')}`]);
  });
});

describe('unarchive', () => {
  it('unpacks an archive of the controller', () => {
    settle({ src: local('a.tgz'), dest: at('out') });
    expect(existsSync(at('out/d/run'))).toBe(true);
  });
  it('lists, leaves out and takes only some', () => {
    const files = ['a b', 'd/', 'd/run', 'l'];
    const listed = run(unarchive, { src: local('a.tgz'), dest: at('out'), list_files: true }).data['files'] as string[];
    expect([...listed].sort()).toEqual(files);
    mkdirSync(at('some'));
    settle({ src: at('a.tar'), dest: at('some'), remote_src: true, exclude: ['d'] });
    expect(existsSync(at('some/d'))).toBe(false);
    mkdirSync(at('only'));
    settle({ src: at('a.zip'), dest: at('only'), remote_src: true, include: ['a b'] });
    expect([existsSync(at('only/a b')), existsSync(at('only/l'))]).toEqual([true, false]);
  });
  it('sets owner, group and mode of members, and leaves the folder as it is', () => {
    settle({
      src: at('a.tgz'),
      dest: at('out'),
      remote_src: true,
      owner: 'daemon',
      group: 'daemon',
      mode: 'u=rwX,go=',
    });
    expect(statSync(at('out/d/run'))).toMatchObject({ uid: 1, gid: 1 });
    expect([statSync(at('out/d/run')).mode & 0o777, statSync(at('out/a b')).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(statSync(at('out')).uid).toBe(0);
    expect(statSync(at('out')).mode & 0o777).toBe(0o755);
  });
  it('passes options on', () => {
    settle({ src: at('a.tar'), dest: at('out'), remote_src: true, extra_opts: ['--transform', 's/^d$/e/'] });
  });
  it('does nothing when creates is there', () => {
    const { plan } = ask(unarchive, { src: local('a.tgz'), dest: at('out'), creates: '/etc' });
    expect(plan).toMatchObject({ skipped: 'skipped, since /etc exists', actions: [] });
  });
  it('says what is missing or broken', () => {
    const remote = { dest: at('out'), remote_src: true };
    expect(() => run(unarchive, { ...remote, src: at('no.tgz') })).toThrow(`Source '${at('no.tgz')}' does not exist`);
    expect(() => run(unarchive, { ...remote, src: at('a.tgz'), dest: at('no') })).toThrow(
      `dest '${at('no')}' must be an existing dir`,
    );
    expect(() => run(unarchive, { ...remote, src: at('src/a b') })).toThrow(
      `Failed to find handler for "${at('src/a b')}"`,
    );
    expect(() => run(unarchive, { ...remote, src: at('a.tgz'), owner: 'nosuch' })).toThrow(
      'failed to look up user nosuch',
    );
    expect(() => run(unarchive, { ...remote, src: at('a.tgz'), setype: 'x' })).toThrow(
      "unarchive: 'setype' is not supported",
    );
  });
  it('foresees a folder that an earlier task would make', () => {
    const overlay = new Map([[`file:${at('later')}` as const, { type: 'directory' }]]);
    const { plan } = ask(unarchive, { src: local('a.tgz'), dest: at('later') }, { overlay });
    expect(plan.actions).toHaveLength(1);
  });
});
