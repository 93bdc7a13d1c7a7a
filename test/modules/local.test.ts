// Modules against a real shell in a temporary folder: a wanted state is reached, the result says so, and a second look
// finds nothing to do.

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/model/value.ts';
import { ABSENT, UNKNOWN } from '../../engine/module/contract.ts';
import type { AnyModule } from '../../engine/module/registry.ts';
import { sourceOf } from '../../engine/module/source.ts';
import command from '../../modules/command.ts';
import copy from '../../modules/copy.ts';
import lineinfile from '../../modules/lineinfile.ts';
import shell from '../../modules/shell.ts';
import slurp from '../../modules/slurp.ts';
import stat from '../../modules/stat.ts';
import { ask, type Outcome, run, type Shell } from './miniature.ts';

const SHELLS: readonly Shell[] = [['sh'], ['busybox', 'sh'], ['bash', '--posix']].filter((words) =>
  existsSync(`/usr/bin/${words[0]}`),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-local-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs twice: the second run must find nothing to do, in one trip. */
function settle(module: AnyModule, args: JsonObject, shell: Shell = ['sh']): Outcome {
  const first = run(module, args, { shell });
  const second = run(module, args, { shell });
  expect(second.plan.actions, 'the second plan').toEqual([]);
  expect(second.trips).toBe(1);
  expect(second.changed).toBe(false);
  return first;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

/** A file of the controller as an argument with `file`. */
function local(path: string, text: string, permissions = '0644'): JsonObject {
  return { type: 'file', path, mode: permissions, ...sourceOf(text) } as never;
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('copy under %s', (_, shell) => {
  const names = ['plain', 'with space', '-dash', 'quo\'te"s', 'new\nline', 'back\\slash', '*', 'ünïcode'];
  it.each(names)('content to a file named %j', (name) => {
    const dest = join(folder, name);
    const outcome = settle(copy, { content: 'hello\n', dest, mode: '0640' }, shell);
    expect(readFileSync(dest, 'utf8')).toBe('hello\n');
    expect(outcome.data).toMatchObject({
      dest,
      mode: '0640',
      size: 6,
      state: 'file',
      owner: 'root',
      uid: 0,
      checksum: 'f572d396fae9206628714fb2ce00f72e94f2258f',
    });
  });

  it('replaces, keeps a backup, and shows the difference', () => {
    const dest = join(folder, 'a');
    writeFileSync(dest, 'old\n');
    const outcome = settle(copy, { content: 'new\n', dest, backup: true }, shell);
    expect(outcome.data['backup_file']).toMatch(/a\.1\./);
    expect(outcome.plan.diffs).toEqual([{ before: 'old\n', beforeHeader: dest, after: 'new\n', afterHeader: dest }]);
  });
});

describe('copy', () => {
  it('puts a file into a folder under its own name', () => {
    const outcome = settle(copy, { src: local('/c/files/app.conf', 'x'), dest: folder });
    expect(outcome.data['dest']).toBe(join(folder, 'app.conf'));
    expect(outcome.data['src']).toMatch(/\.source\.conf$/);
  });
  it('makes the folders of a dest with a trailing slash', () => {
    settle(copy, { src: local('/c/app.conf', 'x'), dest: `${folder}/new/deep/`, directory_mode: '0700' });
    expect(readFileSync(join(folder, 'new/deep/app.conf'), 'utf8')).toBe('x');
    expect(mode(join(folder, 'new'))).toBe('700');
  });
  it('refuses a dest whose folder is missing', () => {
    expect(() => run(copy, { content: 'x', dest: `${folder}/no/file` })).toThrow(
      `Destination directory ${folder}/no does not exist`,
    );
  });
  it('refuses content for a folder', () => {
    expect(() => run(copy, { content: 'x', dest: folder })).toThrow('can not use content with a dir as dest');
    expect(() => run(copy, { content: 'x', dest: `${folder}/x/` })).toThrow('can not use content with a dir as dest');
  });
  it('replaces a link, or follows it', () => {
    writeFileSync(join(folder, 'real'), 'real');
    symlinkSync('real', join(folder, 'link'));
    settle(copy, { content: 'x', dest: join(folder, 'link'), follow: true });
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('x');
    settle(copy, { content: 'y', dest: join(folder, 'link') });
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(false);
  });
  it('sets only what differs of a file whose content is right', () => {
    const dest = join(folder, 'a');
    writeFileSync(dest, 'x');
    chmodSync(dest, 0o600);
    const outcome = settle(copy, { content: 'x', dest, mode: 'u=rw,g=r,o=' });
    expect(outcome.plan.diffs).toEqual({ before: { mode: '0600', path: dest }, after: { mode: '0640', path: dest } });
    expect(outcome.data).toMatchObject({ path: dest, mode: '0640', state: 'file' });
  });
  it('leaves a file alone with force: false', () => {
    writeFileSync(join(folder, 'a'), 'old');
    expect(run(copy, { content: 'x', dest: join(folder, 'a'), force: false }).changed).toBe(false);
  });
  it('judges with validate before anything changes', () => {
    writeFileSync(join(folder, 'a'), 'old');
    expect(() => run(copy, { content: 'x', dest: join(folder, 'a'), validate: 'false %s' })).toThrow(
      'failed to validate',
    );
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(() => run(copy, { content: 'x', dest: join(folder, 'a'), validate: 'true' })).toThrow(
      'validate must contain %s: true',
    );
  });
  it('plans what an earlier, unapplied task makes possible', () => {
    const dest = join(folder, 'app/conf');
    const overlay = new Map([[`file:${join(folder, 'app')}` as const, { type: 'directory', mode: '0750' }]]);
    const { plan } = ask(copy, { content: 'x', dest }, { overlay });
    expect(plan.actions.flatMap((action) => action.changes)).toMatchObject([
      { of: `file:${dest}`, before: ABSENT, after: { content: 'x', type: 'file', mode: '0644' } },
    ]);
    expect(
      ask(copy, { content: 'x', dest }, { overlay: new Map([[`file:${join(folder, 'app')}` as const, UNKNOWN]]) }).plan
        .actions,
    ).toHaveLength(1);
  });
});

describe('copy of a folder', () => {
  const tree = {
    type: 'directory',
    path: '/c/files/tree',
    mode: '0755',
    entries: [
      { path: 'a', type: 'file', mode: '0644', source: sourceOf('one') },
      { path: 'sub', type: 'directory', mode: '0755' },
      { path: 'sub/b', type: 'file', mode: '0755', source: sourceOf('two') },
      { path: 'l', type: 'link', target: 'a', mode: '0644', source: sourceOf('one') },
      {
        path: 'ld',
        type: 'link',
        target: 'sub',
        mode: '0755',
        entries: [{ path: 'ld/b', type: 'file', mode: '0755', source: sourceOf('two') }],
      },
    ],
  };
  it('puts it under its own name, and only what differs the next time', () => {
    const args = { src: tree as never, dest: join(folder, 'dst'), mode: 'preserve', directory_mode: '0700' };
    const outcome = settle(copy, args);
    expect(outcome.data).toEqual({ dest: join(folder, 'dst/'), src: '/c/files/tree' });
    expect(readFileSync(join(folder, 'dst/tree/sub/b'), 'utf8')).toBe('two');
    expect(mode(join(folder, 'dst/tree/sub/b'))).toBe('755');
    expect(mode(join(folder, 'dst/tree/sub'))).toBe('700');
    expect(lstatSync(join(folder, 'dst/tree/l')).isFile()).toBe(true);
    expect(lstatSync(join(folder, 'dst/tree/ld')).isDirectory()).toBe(true);
    expect(readFileSync(join(folder, 'dst/tree/ld/b'), 'utf8')).toBe('two');
    writeFileSync(join(folder, 'dst/tree/a'), 'changed');
    expect(run(copy, args).changes.map((change) => change.of)).toEqual([`file:${folder}/dst/tree/a`]);
  });
  it('puts what is in it with a trailing slash, links as links', () => {
    settle(copy, { src: { ...tree, path: '/c/files/tree/' } as never, dest: join(folder, 'dst'), local_follow: false });
    expect(readlinkSync(join(folder, 'dst/l'))).toBe('a');
  });
});

describe('copy with remote_src', () => {
  it('copies a file and keeps its mode', () => {
    writeFileSync(join(folder, 'src'), 'hello2\n');
    chmodSync(join(folder, 'src'), 0o600);
    const outcome = settle(copy, {
      src: join(folder, 'src'),
      dest: join(folder, 'dst'),
      remote_src: true,
      mode: 'preserve',
    });
    expect(outcome.data).toMatchObject({
      mode: '0600',
      size: 7,
      md5sum: 'a10edbbb8f28f8e98ee6b649ea2556f4',
      checksum: '0d2aae7d156d796b97ae11b4dba506a55f54a75e',
    });
  });
  it('copies a folder, whole or beneath', () => {
    mkdirSync(join(folder, 'src/sub'), { recursive: true });
    writeFileSync(join(folder, 'src/sub/a b'), 'x');
    settle(copy, { src: join(folder, 'src/'), dest: join(folder, 'dst'), remote_src: true });
    expect(readFileSync(join(folder, 'dst/sub/a b'), 'utf8')).toBe('x');
    const outcome = settle(copy, { src: join(folder, 'src'), dest: join(folder, 'dst'), remote_src: true });
    expect(outcome.data['dest']).toBe(join(folder, 'dst/src'));
  });
  it('says what is missing', () => {
    expect(() => run(copy, { src: '/nonexistent/x', dest: folder, remote_src: true })).toThrow(
      'Source /nonexistent/x not found',
    );
  });
});

describe('command and shell', () => {
  it('runs words as they are, with variables', () => {
    const { data, changed } = run(command, { cmd: `echo 'a  b' "$HOME" '*'` });
    expect(changed).toBe(true);
    expect(data).toMatchObject({
      cmd: ['echo', 'a  b', '$HOME', '*'],
      stdout: `a  b ${process.env['HOME']} *`,
      rc: 0,
      msg: '',
      start: '2026-01-01 00:00:00.000000',
      delta: '0:00:01.500000',
    });
  });
  it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
    'tells what never started, under %s',
    (_, shell) => {
      const failure = (args: JsonObject): unknown => {
        try {
          return run(command, args, { shell });
        } catch (error) {
          const { message, data } = error as { message: string; data: JsonObject };
          return [message, data['rc']];
        }
      };
      expect(failure({ cmd: 'nosuchcmd x' })).toEqual(['Error executing command.', 2]);
      expect(failure({ cmd: '/etc/passwd' })).toEqual(['Error executing command.', 13]);
      expect(failure({ cmd: 'pwd', chdir: '/nonexist' })).toEqual([
        'Unable to change directory before execution.',
        null,
      ]);
      expect(failure({ cmd: 'false' })).toEqual(['non-zero return code', 1]);
      expect(failure({ cmd: 'ls /nonexistent' })).toEqual(['non-zero return code', 2]);
    },
  );
  it('has stdin, folder and line ends as asked', () => {
    expect(run(command, { cmd: 'cat', stdin: 'hello', strip_empty_ends: false }).data['stdout']).toBe('hello\n');
    expect(
      run(command, { cmd: 'cat', stdin: 'hello', stdin_add_newline: false, strip_empty_ends: false }).data['stdout'],
    ).toBe('hello');
    expect(run(shell, { cmd: 'pwd; echo b >&2', chdir: '/tmp' }).data).toMatchObject({
      stdout: '/tmp',
      stderr: 'b',
      cmd: 'pwd; echo b >&2',
    });
    expect(run(shell, { cmd: 'echo $0', executable: '/bin/bash' }).data['stdout']).toBe('/bin/bash');
  });
  it('does not run when creates is there', () => {
    writeFileSync(join(folder, 'done 1'), '');
    for (const creates of [`${folder}/done 1`, `${folder}/don?*`, 'done*']) {
      const { changed, data, plan } = run(shell, { cmd: 'touch ran', chdir: folder, creates });
      expect(changed).toBe(false);
      expect(plan.pending).toEqual({ msg: `Would not run command since '${creates}' exists` });
      expect(data).toMatchObject({
        rc: 0,
        stdout: `skipped, since ${creates} exists`,
        msg: `Did not run command since '${creates}' exists`,
        start: null,
      });
    }
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
  it('foretells what creates names', () => {
    const { plan } = ask(command, { cmd: 'touch x', creates: `${folder}/x` });
    expect(plan.actions[0]).toMatchObject({ opaque: 'changes', changes: [{ of: `file:${folder}/x`, before: ABSENT }] });
    expect(plan.pending).toMatchObject({ rc: 0, stdout: '', msg: 'Command would have run if not in check mode' });
    expect(ask(command, { cmd: 'true', removes: `${folder}/x` }).plan.actions).toEqual([]);
  });
});

describe('stat and slurp', () => {
  it('tell of a file', () => {
    writeFileSync(join(folder, 'f'), 'abc');
    symlinkSync('f', join(folder, 'l'));
    const { data } = run(stat, { path: join(folder, 'f') });
    expect(data['stat']).toMatchObject({
      exists: true,
      isreg: true,
      isdir: false,
      size: 3,
      mode: '0644',
      checksum: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      pw_name: 'root',
      nlink: 1,
      readable: true,
      executable: false,
      mimetype: expect.any(String),
    });
    expect(run(stat, { path: join(folder, 'l') }).data['stat']).toMatchObject({
      islnk: true,
      lnk_target: 'f',
      lnk_source: join(folder, 'f'),
    });
    expect(run(stat, { path: join(folder, 'l'), follow: true }).data['stat']).toMatchObject({
      islnk: false,
      isreg: true,
    });
    expect(run(stat, { path: join(folder, 'none') }).data).toEqual({ stat: { exists: false } });
    expect(run(stat, { path: join(folder, 'f'), checksum_algorithm: 'sha256' }).data['stat']).toMatchObject({
      checksum: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
  });
  it('bring bytes that are no text', () => {
    writeFileSync(join(folder, 'f'), Uint8Array.of(0, 255, 128, 10, 0));
    expect(run(slurp, { src: join(folder, 'f') }).data).toEqual({
      content: 'AP+ACgA=',
      encoding: 'base64',
      source: join(folder, 'f'),
    });
    expect(() => run(slurp, { src: folder })).toThrow(`Source is a directory and must be a file: ${folder}`);
    expect(() => run(slurp, { src: '/none' })).toThrow('File not found: /none');
  });
});

describe('lineinfile', () => {
  it('adds, replaces, removes', () => {
    const path = join(folder, 'f');
    writeFileSync(path, 'a=1\nb=2\nb=3\n#c\n');
    expect(settle(lineinfile, { path, line: 'z=9' }).data).toEqual({ msg: 'line added', backup: '' });
    expect(settle(lineinfile, { path, regexp: '^b=', line: 'b=7' }).data['msg']).toBe('line replaced');
    expect(readFileSync(path, 'utf8')).toBe('a=1\nb=2\nb=7\n#c\nz=9\n');
    expect(settle(lineinfile, { path, regexp: '^b=', state: 'absent' }).data).toEqual({
      msg: '2 line(s) removed',
      found: 2,
      backup: '',
    });
  });
  it('makes the file and its folders', () => {
    const path = join(folder, 'new/deep/f');
    expect(() => run(lineinfile, { path, line: 'x' })).toThrow(`Destination ${path} does not exist !`);
    const { data } = settle(lineinfile, { path, line: 'x', create: true, mode: '0600' });
    expect(data['msg']).toBe('line added and ownership, perms or SE linux context changed');
    expect(mode(path)).toBe('600');
  });
  it('edits behind links and keeps bytes that are no UTF-8', () => {
    writeFileSync(join(folder, 'f'), Uint8Array.of(0xe4, 0x3d, 0x31, 10));
    symlinkSync('f', join(folder, 'l'));
    settle(lineinfile, { path: join(folder, 'l'), line: 'x', backup: true });
    expect(lstatSync(join(folder, 'l')).isSymbolicLink()).toBe(true);
    expect([...readFileSync(join(folder, 'f'))]).toEqual([0xe4, 0x3d, 0x31, 10, 0x78, 10]);
  });
  it('says nothing of a file that is not there when the line is to be absent', () => {
    expect(run(lineinfile, { path: join(folder, 'none'), line: 'x', state: 'absent' }).data).toEqual({
      msg: 'file not present',
    });
  });
});
