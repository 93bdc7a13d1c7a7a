// What every connection must do, whatever carries it: run by local, chroot, ssh2 and the system's ssh.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, ConnectionSpec, Dialler, How } from '../../engine/connection/contract.ts';
import { createDialler } from '../../engine/connection/dialler.ts';
import type { Transport } from '../../engine/connection/transport.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { library } from './library.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export interface Place {
  /** Resolves to what to connect to. */
  spec(): ConnectionSpec;
  /** Instead of the one in the registry. */
  readonly transport?: Transport;
}

const MODES: readonly (readonly [string, How])[] = [
  ['asking', { asking: true }],
  ['own', {}],
  ['foreground', { foreground: true }],
];

export function connectionContract(name: string, place: Place): void {
  describe(`a connection by ${name}`, () => {
    let dialler: Dialler;
    let connection: Connection;
    let folder: string;

    beforeAll(async () => {
      dialler = place.transport === undefined ? createDialler() : createDialler(() => place.transport!);
      connection = await dialler.connect(place.spec());
      const made = await connection.run('mktemp -d');
      folder = text(made.stdout).trim();
    });
    afterAll(async () => {
      await connection?.run(`rm -rf '${folder}'`);
      await dialler?.close();
    });

    describe.each(MODES)('a script (%s)', (_mode, how) => {
      it.each([
        ['true', 0, '', ''],
        ['echo out; echo err >&2; exit 3', 3, 'out\n', 'err\n'],
        ['printf "no newline"', 0, 'no newline', ''],
        ['set -e; cd /; FOO=1; export FOO; false; echo never', 1, '', ''],
        ['pwd; echo "[$FOO]"', 0, undefined, ''],
        ['cat', 0, '', ''],
        ["printf '%s' 'zażółć ’\u0080\u0081 \"q\" $x `y` \\\\n'", 0, 'zażółć ’\u0080\u0081 "q" $x `y` \\\\n', ''],
        ['echo "$#"', 0, '0\n', ''],
        ['exec echo replaced', 0, 'replaced\n', ''],
        ['trap "echo bye" 0; exit 4', 4, 'bye\n', ''],
        ['x() { return 7; }; x', 7, '', ''],
        ['umask 077; exit 0', 0, '', ''],
        ['umask | sed s/^00/0/', 0, '022\n', ''],
      ])('%s', async (script, rc, stdout, stderr) => {
        const answer = await connection.run(script, {
          ...how,
          ...(script.startsWith('umask |') ? { umask: '022' } : {}),
        });
        expect(answer.rc).toBe(rc);
        if (stdout !== undefined) expect(text(answer.stdout)).toBe(stdout);
        else expect(text(answer.stdout)).toContain('[]');
        expect(text(answer.stderr)).toBe(stderr);
      });

      it('ends with a syntax error, and the next one runs', async () => {
        const answer = await connection.run('if then', how);
        expect(answer.rc).not.toBe(0);
        expect(text(answer.stderr)).toMatch(/syntax|unexpected/i);
        expect((await connection.run('echo on', how)).rc).toBe(0);
      });

      it('gets its environment, umask and standard input', async () => {
        const answer = await connection.run('echo "$A|$B"; umask | sed s/^00/0/; cat', {
          ...how,
          environment: { A: "it's", B: 'two\nlines' },
          umask: '027',
          stdin: sourceOf('typed\u0000in'),
        });
        expect(text(answer.stdout)).toBe("it's|two\nlines\n027\ntyped\u0000in");
      });

      it('may leave its standard input unread', async () => {
        const answer = await connection.run('read -r a; echo "$a"', {
          ...how,
          stdin: sourceOf(`first\n${'x'.repeat(60_000)}`),
        });
        expect(text(answer.stdout)).toBe('first\n');
        expect(text((await connection.run('echo next', how)).stdout)).toBe('next\n');
      });

      it('takes one round trip, with standard input, too', async () => {
        const before = connection.trips;
        await connection.run('true', how);
        await connection.run('cat >/dev/null', { ...how, stdin: sourceOf('x'.repeat(5_000)) });
        expect(connection.trips - before).toBe(2);
      });

      it('passes every byte', async () => {
        const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));
        const answer = await connection.run('cat', { ...how, stdin: sourceOf(bytes) });
        expect(Buffer.compare(answer.stdout, bytes)).toBe(0);
      });

      it('may be long', async () => {
        const script = `${Array.from({ length: 9_000 }, (_, line) => `: ${line} żółć 'quoted'`).join('\n')}\necho end`;
        expect(script.length).toBeGreaterThan(150_000);
        const answer = await connection.run(script, how);
        expect([answer.rc, text(answer.stdout), text(answer.stderr)]).toEqual([0, 'end\n', '']);
      });

      it('uses functions that are defined once a session', async () => {
        const uses = [library('greet', 'greet() { echo "hello $1"; }')];
        for (const who of ['a', 'b']) {
          const answer = await connection.run(`greet ${who}`, { ...how, uses });
          expect(text(answer.stdout)).toBe(`hello ${who}\n`);
        }
      });

      it('says what it says while it runs', async () => {
        const heard: string[] = [];
        let release = (): void => {};
        const first = new Promise<void>((resolve) => {
          release = resolve;
        });
        const flag = `${folder}/flag-${randomBytes(4).toString('hex')}`;
        const running = connection.run(
          `printf one; while [ ! -e ${flag} ]; do sleep 0.02; done; echo two; echo e >&2`,
          {
            ...how,
            onOutput: (chunk, stream) => {
              heard.push(`${stream}:${text(chunk)}`);
              release();
            },
          },
        );
        await first;
        expect(heard).toEqual(['out:one']);
        await connection.run(`: > ${flag}`);
        const answer = await running;
        expect(text(answer.stdout)).toBe('onetwo\n');
        expect(heard.filter((chunk) => chunk.startsWith('out:')).join('')).toBe('out:oneout:two\n');
        expect(heard).toContain('err:e\n');
      });

      it('is killed with all it started when its time is up, and the session lives on', async () => {
        const answer = await connection.run('sleep 300 & echo "$! $$"; sleep 300', { ...how, timeout: 1 });
        expect(answer).toMatchObject({ timedOut: true, signal: 'KILL' });
        const pids = text(answer.stdout).trim().split(' ');
        expect(pids).toHaveLength(2);
        // A script of ours runs beneath the shell that stays.
        const ended = how.foreground === true ? pids : pids.slice(0, 1);
        const gone = await connection.run(
          `for p in ${ended.join(' ')}; do while [ -d /proc/$p ] && ! grep -q '^State:.Z' /proc/$p/status; do sleep 0.05; done; done; echo gone`,
          { asking: true },
        );
        expect(text(gone.stdout)).toBe('gone\n');
        if (how.foreground === true) return;
        // The one that stayed answers the next one.
        expect(text((await connection.run('echo $$', how)).stdout)).toBe(`${pids[1]}\n`);
      });

      it('is killed when it is aborted', async () => {
        const controller = new AbortController();
        const running = connection.run('printf x; sleep 30', {
          ...how,
          signal: controller.signal,
          onOutput: () => controller.abort(),
        });
        const answer = await running;
        expect(answer).toMatchObject({ signal: 'KILL', timedOut: false });
      });
    });

    describe.each(MODES.slice(1))('a process left behind (%s)', (_mode, how) => {
      // It speaks when it is told to (which may be its end, as nobody listens), says so in a file, and stays.
      const speaking = (go: string, said: string): string =>
        `while [ ! -e ${go} ]; do sleep 0.05; done; (echo late); (echo late >&2); : >${said}; while [ -d ${folder} ]; do sleep 0.2; done`;
      it.each([
        ['in the background', (talk: string) => `( ${talk} ) &`],
        ['by nohup', (talk: string) => `nohup sh -c "${talk}" 2>/dev/null &`],
        ['by setsid', (talk: string) => `setsid sh -c "${talk}" & echo started`],
      ])('%s neither holds up the session nor speaks into the next answer', async (_name, leave) => {
        const sign = `${folder}/${randomBytes(4).toString('hex')}`;
        await connection.run(leave(speaking(`${sign}-go`, `${sign}-said`)), how);
        const answer = await connection.run(
          `: >${sign}-go; while [ ! -e ${sign}-said ]; do sleep 0.05; done; echo mine`,
          how,
        );
        expect([text(answer.stdout), text(answer.stderr)]).toEqual(['mine\n', '']);
        const asked = await connection.run('echo own', { asking: true });
        expect([text(asked.stdout), text(asked.stderr)]).toEqual(['own\n', '']);
      });
    });

    it('runs commands of users as a login would: signals, no controlling shell of ours', async () => {
      const answer = await connection.run('kill -INT $$; echo survived', { foreground: true });
      expect([answer.rc, text(answer.stdout)]).toEqual([130, '']);
      const ignored = await connection.run('grep SigIgn /proc/self/status', { foreground: true });
      // HUP, INT and TERM (busybox ignores QUIT, as it does under sshd).
      expect(Number.parseInt(text(ignored.stdout).split(':')[1]!.trim(), 16) & 0x4003).toBe(0);
    });

    it("survives kill $$ and kill -9 $$ in a user's command", async () => {
      for (const signal of ['TERM', 'KILL', 'HUP']) {
        const answer = await connection.run(`kill -${signal} $$`, { foreground: true });
        expect(answer.rc).toBeGreaterThan(128);
      }
      expect(text((await connection.run('echo on')).stdout)).toBe('on\n');
    });

    it('speaks C to its own scripts, and the language of the login to users', async () => {
      const spec = { environment: { LC_ALL: 'xx_XX' } };
      expect(text((await connection.run('echo $LC_ALL', spec)).stdout)).toBe('C\n');
      expect(text((await connection.run('echo $LC_ALL', { ...spec, foreground: true })).stdout)).toBe('xx_XX\n');
    });

    it('refuses a variable name that no shell can set', async () => {
      await expect(connection.run('true', { environment: { 'a.b': '1' } })).rejects.toMatchObject({
        fault: 'unsupported',
      });
    });

    it('runs twenty commands side by side: each waits for all others', async () => {
      const script = (n: number): string =>
        `: >${folder}/met-${n}; while set -- ${folder}/met-*; [ $# -lt 20 ]; do sleep 0.1; done; echo ${n}`;
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => connection.run(script(n))));
      expect(answers.map((answer) => text(answer.stdout))).toEqual(Array.from({ length: 20 }, (_, n) => `${n}\n`));
    });

    it.each([0, 1, 5_000, 300_000])('writes and reads a file of %i bytes', async (size) => {
      const path = `${folder}/it's a file-${size}`;
      const bytes = randomBytes(size);
      await connection.put(path, sourceOf(bytes));
      expect(Buffer.compare(await connection.get(path), bytes)).toBe(0);
      const mode = await connection.run(`ls -l "${path}"`);
      expect(text(mode.stdout)).toMatch(/^-rw-------/);
    });

    it('keeps the mode of a file that it overwrites', async () => {
      await connection.run(`echo old > ${folder}/kept; chmod 640 ${folder}/kept`);
      await connection.put(`${folder}/kept`, sourceOf('new'));
      expect(text((await connection.run(`ls -l ${folder}/kept; cat ${folder}/kept`)).stdout)).toMatch(
        /^-rw-r-----[^\n]*\nnew$/,
      );
    });

    it('says why a file cannot be written or read, and lives on', async () => {
      await expect(connection.put(`${folder}/no/such`, sourceOf('rm -rf /nowhere\n'))).rejects.toThrow(
        /cannot write .*no\/such/,
      );
      await expect(connection.get(`${folder}/absent`)).rejects.toThrow(/cannot read .*absent/);
      expect((await connection.run('true')).rc).toBe(0);
    });

    it('passes 100 MB of input and 50 MB of output', async () => {
      const local = mkdtempSync(join(tmpdir(), 'big-'));
      const file = join(local, 'big');
      try {
        const size = 100 * 1024 * 1024;
        writeFileSync(file, Buffer.alloc(size, 'abcdefgh'));
        const source = { ...sourceOf(''), size, bytes: undefined, path: file };
        const answer = await connection.run('wc -c; echo done', { stdin: source });
        expect(text(answer.stdout).replaceAll(' ', '')).toBe(`${size}\ndone\n`);
        await connection.put(`${folder}/big`, source);
        const back = await connection.run(`head -c ${50 * 1024 * 1024} ${folder}/big; rm ${folder}/big`);
        expect(back.stdout.length).toBe(50 * 1024 * 1024);
        expect(text(back.stdout.subarray(-8))).toBe('abcdefgh');
        const early = await connection.run('head -c 5', { stdin: source });
        expect(text(early.stdout)).toBe('abcde');
      } finally {
        rmSync(local, { recursive: true, force: true });
      }
    }, 60_000);

    it('forwards TCP from the place of the host', async () => {
      const { createServer } = await import('node:net');
      const server = createServer((socket) => socket.end('hi from there')).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      try {
        const { port } = server.address() as { port: number };
        const stream = await connection.forward('127.0.0.1', port);
        let heard = '';
        for await (const chunk of stream) heard += String(chunk);
        expect(heard).toBe('hi from there');
      } finally {
        server.close();
      }
    });

    it('tells a lost session as lost, with the script whose effect is unknown, and dials anew', async () => {
      const shell = text((await connection.run('echo $PPID $$', { asking: true })).stdout);
      expect(shell).toMatch(/^\d+ \d+\n$/);
      const lost = connection.run('kill -KILL $$; sleep 1', { asking: true });
      await expect(lost).rejects.toMatchObject({ fault: 'lost', unanswered: 'kill -KILL $$; sleep 1' });
      expect(text((await connection.run('echo again')).stdout)).toBe('again\n');
    });

    it('works again after a reset and a renewal', async () => {
      await dialler.reset('h1');
      expect(text((await connection.run('echo reset')).stdout)).toBe('reset\n');
      dialler.renew('h1');
      expect(text((await connection.run('echo renewed')).stdout)).toBe('renewed\n');
    });
  });
}
