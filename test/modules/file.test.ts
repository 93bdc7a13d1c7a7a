// The file module against a real shell: every state, what may be replaced, and attributes down a tree.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/model/value.ts';
import { ABSENT, UNKNOWN } from '../../engine/module/contract.ts';
import file from '../../modules/file.ts';
import { ask, type Outcome, run, type Shell } from './miniature.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SHELLS: readonly Shell[] = [['sh'], ['busybox', 'sh'], ['bash', '--posix']].filter((words) =>
  existsSync(`/usr/bin/${words[0]}`),
);

function settle(args: JsonObject, shell: Shell = ['sh']): Outcome {
  const first = run(file, args, { shell });
  expect(first.changed).toBe(true);
  const second = run(file, args, { shell });
  expect(second.plan.actions, 'the second plan').toEqual([]);
  expect(second.trips).toBe(1);
  return first;
}

function failure(args: JsonObject): string {
  try {
    run(file, args);
  } catch (error) {
    return (error as Error).message.replaceAll(folder, 'D');
  }
  return 'no failure';
}

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const at = (path: string): string => join(folder, path);

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('directory under %s', (_, shell) => {
  it('is made with those above it, attributes and all', () => {
    const { data, plan, changes } = settle(
      { path: at('a b/c\nd'), state: 'directory', mode: '0750', owner: 'daemon' },
      shell,
    );
    expect(mode(at('a b'))).toBe('750');
    expect(mode(at('a b/c\nd'))).toBe('750');
    expect(statSync(at('a b')).uid).toBe(1);
    expect(data).toMatchObject({
      path: at('a b/c\nd'),
      state: 'directory',
      mode: '0750',
      owner: 'daemon',
      uid: 1,
      gid: 0,
    });
    expect(changes.map((change) => change.of)).toEqual([`file:${at('a b')}`, `file:${at('a b/c\nd')}`]);
    expect(plan.diffs).toEqual({
      before: { owner: 0, mode: '0755', path: at('a b/c\nd'), state: 'absent' },
      after: { owner: 1, mode: '0750', path: at('a b/c\nd'), state: 'directory' },
    });
  });
  it('sets modes and owners beneath it with recurse', () => {
    mkdirSync(at('r/sub dir'), { recursive: true });
    writeFileSync(at('r/sub dir/f\n1'), '');
    writeFileSync(at('r/x'), '', { mode: 0o755 });
    writeFileSync(at('outside'), '');
    symlinkSync(at('outside'), at('r/l'));
    symlinkSync('nowhere', at('r/dangling'));
    settle({ path: at('r'), state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', group: 'daemon' }, shell);
    expect([mode(at('r/sub dir')), mode(at('r/sub dir/f\n1')), mode(at('r/x')), mode(at('outside'))]).toEqual([
      '750',
      '640',
      '750',
      '640',
    ]);
    expect([lstatSync(at('r/dangling')).gid, lstatSync(at('r/l')).gid, statSync(at('r/x')).gid]).toEqual([1, 1, 1]);
  });
});

describe('directory', () => {
  it('is found behind a link, and made behind one that leads to nothing', () => {
    mkdirSync(at('real'));
    symlinkSync('real', at('l'));
    symlinkSync('none', at('dl'));
    expect(run(file, { path: at('l'), state: 'directory' })).toMatchObject({
      changed: false,
      data: { path: at('real') },
    });
    expect(failure({ path: at('l'), state: 'directory', follow: false })).toBe('D/l already exists as a link');
    settle({ path: at('dl'), state: 'directory' });
    expect(statSync(at('none')).isDirectory()).toBe(true);
  });
  it('is not made over or beneath a file', () => {
    writeFileSync(at('f'), '');
    expect(failure({ path: at('f'), state: 'directory' })).toBe('D/f already exists as a file');
    expect(failure({ path: at('f/x/y'), state: 'directory' })).toMatch(
      /^There was an issue creating D\/f\/x as requested/,
    );
  });
  it('keeps what it is called by', () => {
    expect(settle({ path: at('trail/'), state: 'directory' }).data['path']).toBe(at('trail/'));
  });
  it('has the time that is asked for', () => {
    mkdirSync(at('d'));
    settle({ path: at('d'), state: 'directory', modification_time: '202001010000.00' });
    settle({
      path: at('d'),
      state: 'directory',
      modification_time: '2021-02-03',
      modification_time_format: '%Y-%m-%d',
    });
    expect(statSync(at('d')).mtime).toEqual(new Date(2021, 1, 3));
    expect(failure({ path: at('d'), modification_time: '2020', modification_time_format: '%Y-%m-%d' })).toBe(
      "Error while obtaining timestamp for time 2020 using format %Y-%m-%d: time data '2020' does not match format '%Y-%m-%d'",
    );
  });
  it('is planned on what an earlier, unapplied task would make', () => {
    const overlay = new Map([
      [`file:${at('app')}` as const, { type: 'directory', mode: '0755' }],
      ['user:svc' as const, { uid: 990 }],
    ]);
    const { plan } = ask(file, { path: at('app/data'), state: 'directory', owner: 'svc' }, { overlay });
    expect(plan.actions.flatMap(({ changes }) => changes)).toMatchObject([
      { of: `file:${at('app/data')}`, after: { owner: 'svc', uid: 990 } },
    ]);
    expect(failure({ path: at('x'), state: 'directory', owner: 'nosuch' })).toBe(
      'chown failed: failed to look up user nosuch',
    );
    const unknown = new Map([[`user:nosuch` as const, UNKNOWN]]);
    expect(
      ask(file, { path: at('x'), state: 'directory', owner: 'nosuch' }, { overlay: unknown }).plan.actions,
    ).toHaveLength(1);
  });
});

describe('file', () => {
  it('gets its attributes', () => {
    writeFileSync(at('f'), '');
    const { data, plan } = settle({ path: at('f'), mode: 'g+w,o-r', owner: '12345' });
    expect(data).toMatchObject({ path: at('f'), mode: '0660', owner: '12345', uid: 12345, state: 'file' });
    expect(plan.diffs).toEqual({
      before: { mode: '0644', owner: 0, path: at('f') },
      after: { mode: '0660', owner: 12345, path: at('f') },
    });
  });
  it('is never made', () => {
    mkdirSync(at('d'));
    expect(failure({ path: at('none') })).toBe('file (D/none) is absent, cannot continue');
    expect(failure({ path: at('d'), state: 'file' })).toBe('file (D/d) is directory, cannot continue');
    expect(failure({ path: at('none'), recurse: true, state: 'file' })).toBe(
      "recurse option requires state to be 'directory'",
    );
    expect(failure({ path: at('none'), src: 'a' })).toBe("src option requires state to be 'link' or 'hard'");
    expect(failure({ path: at('d'), mode: 'u=zz' })).toBe('mode must be in octal or symbolic form');
  });
});

describe('touch', () => {
  it('makes a file, and always renews the time of one that is there', () => {
    const { data, plan } = run(file, { path: at('f'), state: 'touch', mode: '0600' });
    expect(data).toMatchObject({ dest: at('f'), state: 'file', size: 0, mode: '0600' });
    expect(plan.diffs).toMatchObject({ before: { state: 'absent' }, after: { state: 'touch' } });
    utimesSync(at('f'), 1000, 1000);
    expect(run(file, { path: at('f'), state: 'touch' }).changed).toBe(true);
    expect(statSync(at('f')).mtimeMs).toBeGreaterThan(1e9);
  });
  it('leaves times alone, or sets them once', () => {
    writeFileSync(at('f'), '');
    const preserve = { modification_time: 'preserve', access_time: 'preserve' };
    expect(run(file, { path: at('f'), state: 'touch', ...preserve }).changed).toBe(false);
    settle({ path: at('f'), state: 'touch', modification_time: '202001010000.00', access_time: '202001010000.00' });
    expect(failure({ path: at('no/f'), state: 'touch' })).toMatch(/^Error, could not touch target/);
  });
});

describe('link', () => {
  it.each([['f'], ['']])('is made to a relative or absolute source', (relative) => {
    writeFileSync(at('f'), '');
    const src = relative || at('f');
    const { data, plan } = settle({ path: at('l'), src, state: 'link' });
    expect(readlinkSync(at('l'))).toBe(src);
    expect(data).toMatchObject({ dest: at('l'), src, state: 'link', mode: '0777' });
    expect(plan.diffs).toEqual({ before: { path: at('l'), state: 'absent' }, after: { path: at('l'), state: 'link' } });
  });
  it('is changed, and its attributes are those of what it leads to', () => {
    writeFileSync(at('f'), '');
    writeFileSync(at('g'), '');
    symlinkSync('f', at('l'));
    const { plan } = settle({ path: at('l'), src: 'g', state: 'link', mode: '0600' });
    expect(plan.diffs).toEqual({
      before: { mode: '0644', path: at('l'), src: 'f' },
      after: { mode: '0600', path: at('l'), src: 'g' },
    });
    expect([mode(at('f')), mode(at('g'))]).toEqual(['644', '600']);
    settle({ path: at('l'), mode: '0611' });
    expect(mode(at('g'))).toBe('611');
  });
  it('refuses what Ansible refuses', () => {
    writeFileSync(at('f'), '');
    mkdirSync(at('full'));
    writeFileSync(at('full/x'), '');
    const link = { state: 'link', src: at('f') };
    expect(failure({ path: at('l'), state: 'link' })).toBe('src is required for creating new symlinks');
    expect(failure({ ...link, path: at('l'), src: at('none') })).toBe(
      "src file does not exist, use 'force=yes' if you really want to create the link: D/none",
    );
    expect(failure({ ...link, path: at('f') })).toBe('refusing to convert from file to symlink for D/f');
    expect(failure({ ...link, path: at('full') })).toBe('refusing to convert from directory to symlink for D/full');
    expect(failure({ ...link, path: at('full'), force: true })).toBe(
      'the directory D/full is not empty, refusing to convert it',
    );
    expect(failure({ ...link, path: at('no/l') })).toBe(
      "Error while linking: [Errno 2] No such file or directory: b'D/f' -> b'D/no/l'",
    );
  });
  it('replaces files and empty folders when forced', () => {
    writeFileSync(at('f'), '');
    writeFileSync(at('g'), '');
    mkdirSync(at('empty'));
    settle({ path: at('g'), src: at('f'), state: 'link', force: true });
    settle({ path: at('empty'), src: at('f'), state: 'link', force: true });
    const { plan } = settle({ path: at('dl'), src: at('none'), state: 'link', force: true });
    expect(plan.warnings).toHaveLength(1);
  });
});

describe('hard', () => {
  it('shares the file', () => {
    writeFileSync(at('f'), 'x');
    const { data } = settle({ path: at('h'), src: at('f'), state: 'hard' });
    expect(data).toMatchObject({ dest: at('h'), src: at('f'), state: 'hard' });
    expect(statSync(at('h')).ino).toBe(statSync(at('f')).ino);
    mkdirSync(at('d'));
    expect(settle({ path: at('d'), src: at('f'), state: 'hard' }).data['dest']).toBe(at('d/f'));
  });
  it('refuses what Ansible refuses', () => {
    writeFileSync(at('f'), 'x');
    writeFileSync(at('g'), 'x');
    const hard = { state: 'hard', src: at('f') };
    expect(failure({ ...hard, path: at('g') })).toBe('Cannot link, file exists at destination');
    expect(failure({ ...hard, path: at('h'), src: at('none') })).toBe('src does not exist');
    expect(failure({ ...hard, path: at('h'), src: 'f' })).toBe('src does not exist');
    expect(failure({ path: at('h'), state: 'hard' })).toBe('src is required for creating new hardlinks');
    settle({ ...hard, path: at('g'), force: true });
    symlinkSync('f', at('l'));
    settle({ ...hard, path: at('l') });
    expect(lstatSync(at('l')).isSymbolicLink()).toBe(false);
  });
});

describe('absent', () => {
  it('removes files, links and folders', () => {
    mkdirSync(at('d/sub'), { recursive: true });
    writeFileSync(at('d/f'), '');
    symlinkSync('d', at('l'));
    expect(settle({ path: at('l'), state: 'absent' }).data).toEqual({ path: at('l'), state: 'absent' });
    const { plan, changes } = settle({ path: at('d'), state: 'absent' });
    expect(plan.diffs).toEqual({
      before: { path: at('d'), state: 'directory', path_content: { directories: [at('d/sub')], files: [at('d/f')] } },
      after: { path: at('d'), state: 'absent' },
    });
    expect(changes).toMatchObject([{ of: `file:${at('d')}`, after: ABSENT }]);
    expect(existsSync(at('d'))).toBe(false);
  });
});
