// git against real repositories in a temporary folder: cloning, moving between versions, local changes, submodules.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/model/value.ts';
import { UNKNOWN } from '../../engine/module/contract.ts';
import git from '../../modules/git.ts';
import { ask, type Outcome, run } from './miniature.ts';

let folder: string;
const at = (path: string): string => join(folder, path);
const inRepo = (where: string, ...words: string[]): string =>
  execFileSync(
    'git',
    ['-C', at(where), '-c', 'user.email=a@b', '-c', 'user.name=n', '-c', 'protocol.file.allow=always', ...words],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).trim();

function commit(where: string, file: string, text: string): string {
  writeFileSync(at(`${where}/${file}`), text);
  inRepo(where, 'add', '.');
  inRepo(where, 'commit', '-q', '-m', text);
  return inRepo(where, 'rev-parse', 'HEAD');
}

let one: string;
let two: string;
let dev: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-git-'));
  mkdirSync(at('origin'));
  inRepo('origin', 'init', '-q', '-b', 'main');
  one = commit('origin', 'f', 'one');
  inRepo('origin', 'tag', 'v1');
  inRepo('origin', 'tag', '-a', 'v1a', '-m', 'annotated');
  two = commit('origin', 'f', 'two');
  inRepo('origin', 'checkout', '-q', '-b', 'dev');
  dev = commit('origin', 'g', 'dev');
  inRepo('origin', 'checkout', '-q', 'main');
});
afterEach(() => rmSync(folder, { recursive: true }));

const base = (): JsonObject => ({ repo: at('origin'), dest: at('w') });

function settle(args: JsonObject): Outcome {
  const first = run(git, args);
  expect(first.changed).toBe(true);
  const second = run(git, args);
  expect(second.plan.actions, 'the second plan').toEqual([]);
  expect(second.trips).toBe(1);
  return first;
}

describe('git', () => {
  it('clones, and follows branch, tag and commit', () => {
    expect(settle(base()).data).toEqual({ before: null, after: two });
    expect(settle({ ...base(), version: 'v1' }).data).toEqual({ before: two, after: one, remote_url_changed: false });
    expect(run(git, { ...base(), version: 'v1a' }).changed).toBe(false);
    expect(settle({ ...base(), version: 'dev' }).data['after']).toBe(dev);
    expect(settle({ ...base(), version: 'main' }).data['after']).toBe(two);
    expect(settle({ ...base(), version: one }).data['after']).toBe(one);
    expect(settle(base()).data['after']).toBe(two);
  });
  it('tells of a new commit before it fetches it', () => {
    run(git, base());
    const three = commit('origin', 'f', 'three');
    const { plan } = ask(git, base());
    expect(plan.data).toEqual({ before: two, after: three, remote_url_changed: false });
    expect(readFileSync(at('w/f'), 'utf8')).toBe('two');
    expect(settle(base()).data['after']).toBe(three);
    expect(run(git, { ...base(), update: false }).data).toEqual({ before: three, after: three });
  });
  it('keeps local changes, or throws them away', () => {
    run(git, base());
    writeFileSync(at('w/f'), 'mine');
    expect(() => run(git, base())).toThrow(`Local modifications exist in the destination: ${at('w')} (force=no).`);
    expect(settle({ ...base(), force: true }).data).toEqual({
      before: two,
      after: two,
      remote_url_changed: false,
      msg: `Local modifications exist in the destination: ${at('w')}`,
    });
    expect(readFileSync(at('w/f'), 'utf8')).toBe('two');
  });
  it('moves to another address', () => {
    run(git, base());
    renameSync(at('origin'), at('moved'));
    expect(settle({ ...base(), repo: at('moved') }).data['remote_url_changed']).toBe(true);
  });
  it('makes bare, shallow and separated copies, with a remote of another name', () => {
    settle({ ...base(), bare: true });
    expect(existsSync(at('w/HEAD'))).toBe(true);
    settle({ ...base(), dest: at('s'), depth: 1 });
    expect(inRepo('s', 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(settle({ ...base(), dest: at('s'), depth: 1, version: 'v1' }).data['after']).toBe(one);
    settle({ ...base(), dest: at('t'), depth: 1, version: 'dev', single_branch: true });
    settle({ ...base(), dest: at('up'), remote: 'up', version: 'v1' });
    settle({ ...base(), dest: at('sep'), separate_git_dir: at('sep.git') });
    expect(existsSync(at('sep.git/HEAD'))).toBe(true);
  });
  it('packs an archive', () => {
    settle({ ...base(), archive: at('a.tar.gz'), archive_prefix: 'app' });
    expect(execFileSync('tar', ['tzf', at('a.tar.gz')], { encoding: 'utf8' })).toBe('app/\napp/f\n');
  });
  it('brings submodules', () => {
    mkdirSync(at('sub'));
    inRepo('sub', 'init', '-q', '-b', 'main');
    commit('sub', 's', 'sub');
    inRepo('origin', 'submodule', 'add', '-q', at('sub'), 'm');
    inRepo('origin', 'commit', '-q', '-m', 'with sub');
    process.env['GIT_CONFIG_COUNT'] = '1';
    process.env['GIT_CONFIG_KEY_0'] = 'protocol.file.allow';
    process.env['GIT_CONFIG_VALUE_0'] = 'always';
    try {
      settle(base());
      expect(readFileSync(at('w/m/s'), 'utf8')).toBe('sub');
      settle({ ...base(), dest: at('flat'), recursive: false });
      expect(existsSync(at('flat/m/s'))).toBe(false);
    } finally {
      delete process.env['GIT_CONFIG_COUNT'];
    }
  });
  it('says what cannot be', () => {
    expect(() => run(git, { ...base(), repo: at('nope') })).toThrow('does not appear to be a git repository');
    expect(() => run(git, { ...base(), dest: folder })).toThrow('already exists and is not an empty directory');
    run(git, base());
    expect(() => run(git, { ...base(), version: 'nosuch' })).toThrow('Failed to checkout nosuch');
    expect(() => run(git, { ...base(), archive: at('a.rar') })).toThrow('Unable to get file extension');
  });
  it('tells the commit of a copy that it does not make', () => {
    expect(run(git, { ...base(), clone: false })).toMatchObject({
      data: { before: null, after: two },
      plan: { actions: [{ step: { effect: { kind: 'sleep' } } }] },
    });
    expect(existsSync(at('w'))).toBe(false);
  });
  it('plans a clone with a git that an earlier task would install', () => {
    const { plan } = ask(git, base(), { overlay: new Map([['command:git' as const, UNKNOWN]]) });
    expect(plan.actions).toHaveLength(1);
  });
});
