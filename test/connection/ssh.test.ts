// What only ssh has: logins, host keys, limits of sshd, hops on the way, links that break. Over ssh2 and the system's ssh.

import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, ConnectionSpec, Dialler } from '../../engine/connection/contract.ts';
import { createDialler } from '../../engine/connection/dialler.ts';
import {
  type Account,
  freePort,
  isRoot,
  makeAccount,
  noSshd,
  plainSpec,
  type Sshd,
  startRelay,
  startSshd,
} from './sshd.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const DOAS = '/etc/doas.conf';
const TRANSPORTS = ['ssh2', 'openssh'] as const;

let dialler: Dialler | undefined;
afterEach(() => dialler?.close());
function connect(spec: ConnectionSpec): Promise<Connection> {
  dialler = createDialler();
  return dialler.connect(spec);
}

/** Output of a script, to see that it works at all. */
async function whoami(spec: ConnectionSpec): Promise<string> {
  return text((await (await connect(spec)).run('id -un')).stdout).trim();
}

describe.skipIf(noSshd !== undefined).each(TRANSPORTS)('ssh by %s', (transport) => {
  let sshd: Sshd;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'ssh-'));
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** A spec whose known_hosts holds these lines. */
  const knowing = (lines: string, more: Partial<ConnectionSpec> = {}): ConnectionSpec => {
    const file = join(home, `known-${Math.random().toString(36).slice(2)}`);
    writeFileSync(file, lines);
    return {
      ...sshd.spec(transport, more),
      sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${file}`, ...(more.sshArgs ?? [])],
    };
  };
  const ownLine = (): string => readFileSync(sshd.knownHosts, 'utf8');
  const key = (): string => ownLine().split(' ').slice(1).join(' ').trim();

  describe('host keys', () => {
    it.each<[string, () => ConnectionSpec]>([
      ['by name and port', () => knowing(`[127.0.0.1]:${sshd.port} ${key()}`)],
      [
        'after comments, among others',
        () => knowing(`# mine\n\nother ${key()}\n[127.0.0.1]:${sshd.port},web ${key()} a comment\n`),
      ],
      ['by a pattern', () => knowing(`[127.0.0.?]:* ${key()}`)],
      [
        'one of several keys',
        () =>
          knowing(
            `[127.0.0.1]:${sshd.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH1Mz4ZsLTiXSIM6jRj3JKuxk2LtLQBv9f3ulnNbGzxK\n${ownLine()}`,
          ),
      ],
      [
        'by a hashed name',
        () => {
          const file = join(home, 'hashed');
          writeFileSync(file, ownLine());
          execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
          return knowing(readFileSync(file, 'utf8'));
        },
      ],
      ['by an alias', () => knowing(`the-alias ${key()}`, { sshArgs: ['-o', 'HostKeyAlias=the-alias'] })],
      ['by its name without the port', () => knowing(`127.0.0.1 ${key()}`)],
      ['unknown, when nothing is checked', () => knowing('', { hostKeyChecking: false })],
      [
        'unknown, when StrictHostKeyChecking says so',
        () => knowing('', { sshArgs: ['-o', 'StrictHostKeyChecking=no'] }),
      ],
    ])('takes one that is known %s', async (_name, spec) => {
      expect(await whoami(spec())).not.toBe('');
    });

    it.each<[string, () => ConnectionSpec, RegExp]>([
      ['not known', () => knowing(''), /Host key verification failed/],
      ['known for another port only', () => knowing(`[127.0.0.1]:1 ${key()}`), /Host key verification failed/],
      [
        'changed',
        () =>
          knowing(
            `[127.0.0.1]:${sshd.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH1Mz4ZsLTiXSIM6jRj3JKuxk2LtLQBv9f3ulnNbGzxK`,
          ),
        /IDENTIFICATION HAS CHANGED/,
      ],
      ['revoked', () => knowing(`@revoked * ${key()}\n${ownLine()}`), /revoked/i],
    ])('refuses one that is %s', async (_name, spec, message) => {
      const error = await connect(spec()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        fault: 'hostkey',
        message: expect.stringMatching(message),
        hint: expect.stringContaining(''),
      });
    });

    it('files a new one with accept-new, and refuses another one later', async () => {
      const spec = knowing('', { sshArgs: ['-o', 'StrictHostKeyChecking=accept-new'] });
      expect(await whoami(spec)).not.toBe('');
      const file = spec.sshArgs[3]!.split('=')[1]!;
      expect(readFileSync(file, 'utf8')).toContain(key().split(' ')[1]);
      writeFileSync(
        file,
        `[127.0.0.1]:${sshd.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH1Mz4ZsLTiXSIM6jRj3JKuxk2LtLQBv9f3ulnNbGzxK\n`,
      );
      await dialler?.close();
      await expect(connect(spec)).rejects.toMatchObject({ fault: 'hostkey' });
    });

    it('asks for the kind of key that is on file', async () => {
      const rsa = join(home, 'rsa-host');
      if (!existsSync(rsa)) execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', rsa]);
      const two = await startSshd([`HostKey ${rsa}`]);
      try {
        const spec = two.spec(transport);
        const file = join(home, 'rsa-known');
        writeFileSync(file, `[127.0.0.1]:${two.port} ${readFileSync(`${rsa}.pub`, 'utf8')}`);
        expect(await whoami({ ...spec, sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${file}`] })).not.toBe('');
      } finally {
        await dialler?.close();
        await two.stop();
      }
    });
  });

  describe('logins', () => {
    it('refuses a key that the host does not take', async () => {
      const other = join(home, `other-${transport}`);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
      const error = await connect(
        sshd.spec(transport, { privateKeyFile: other, sshArgs: ['-o', 'IdentityAgent=none'] }),
      ).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        fault: 'auth',
        message: expect.stringMatching(/^Failed to connect to the host via ssh: [^]*Permission denied \(publickey/),
      });
    });

    it('takes a key with its passphrase, and says when it has none', async () => {
      const locked = join(home, `locked-${transport}`);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', locked]);
      appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${locked}.pub`));
      const spec = sshd.spec(transport, { privateKeyFile: locked, sshArgs: ['-o', 'IdentityAgent=none'] });
      expect(await whoami({ ...spec, privateKeyPassphrase: 'open sesame' })).not.toBe('');
      await dialler?.close();
      await expect(connect(spec)).rejects.toMatchObject({ fault: 'auth' });
      await expect(connect({ ...spec, privateKeyPassphrase: 'wrong' })).rejects.toMatchObject({ fault: 'auth' });
    });

    it('takes the keys of an agent', async () => {
      const agent = spawn('ssh-agent', ['-D', '-a', join(home, `agent-${transport}`)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      await new Promise((resolve) => agent.stdout.once('data', resolve));
      const env = { ...process.env, SSH_AUTH_SOCK: join(home, `agent-${transport}`) };
      const before = process.env['SSH_AUTH_SOCK'];
      try {
        execFileSync('ssh-add', ['-q', sshd.clientKey], { env, stdio: 'ignore' });
        process.env['SSH_AUTH_SOCK'] = env.SSH_AUTH_SOCK;
        expect(
          await whoami(sshd.spec(transport, { privateKeyFile: undefined, sshArgs: ['-o', 'IdentityFile=none'] })),
        ).not.toBe('');
      } finally {
        if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
        else process.env['SSH_AUTH_SOCK'] = before;
        agent.kill();
      }
    });

    it.skipIf(!isRoot).each([
      ['password', ['UsePAM no', 'PasswordAuthentication yes']],
      ['keyboard-interactive', ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']],
    ])(
      'takes a password by %s, and tries a wrong one once',
      async (_method, options) => {
        const account = makeAccount();
        const one = await startSshd([...options, 'LogLevel VERBOSE']);
        let log = '';
        one.process.stderr?.on('data', (chunk: Buffer) => {
          log += chunk.toString();
        });
        try {
          const spec = one.spec(transport, {
            user: account.name,
            privateKeyFile: undefined,
            password: account.password,
            sshArgs: ['-o', 'IdentityAgent=none'],
          });
          expect(await whoami(spec)).toBe(account.name);
          await dialler?.close();
          await expect(connect({ ...spec, password: 'wrong' })).rejects.toMatchObject({
            fault: 'auth',
            message: expect.stringMatching(/^Invalid\/incorrect password/),
          });
          expect(log.match(/Failed (?:password|keyboard-interactive)/g)?.length ?? 0).toBeLessThanOrEqual(1);
        } finally {
          await dialler?.close();
          await one.stop();
          account.remove();
        }
      },
      40_000,
    );
  });

  describe('hosts that cannot be reached', () => {
    it.each<[string, () => Promise<ConnectionSpec> | ConnectionSpec, string, RegExp]>([
      ['a closed port', async () => sshd.spec(transport, { port: await freePort() }), 'refused', /refused/i],
      [
        'a name that nobody knows',
        () => sshd.spec(transport, { address: 'no-such-host.invalid' }),
        'resolve',
        /Could not resolve hostname no-such-host\.invalid/,
      ],
    ])('%s', async (_name, spec, fault, message) => {
      await expect(connect(await spec())).rejects.toMatchObject({ fault, message: expect.stringMatching(message) });
    });

    it('one that says nothing, after the timeout', async () => {
      const mute = createServer(() => {}).listen(0, '127.0.0.1');
      await new Promise((resolve) => mute.once('listening', resolve));
      const started = Date.now();
      try {
        const { port } = mute.address() as { port: number };
        await expect(connect(sshd.spec(transport, { port, timeout: 1 }))).rejects.toMatchObject({ fault: 'timeout' });
        expect(Date.now() - started).toBeLessThan(5_000);
      } finally {
        mute.close();
      }
    });

    it('one that hangs up', async () => {
      const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await new Promise((resolve) => rude.once('listening', resolve));
      try {
        const { port } = rude.address() as { port: number };
        const error = await connect(sshd.spec(transport, { port })).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: 'ConnectionError',
          message: expect.stringContaining('Failed to connect to the host via ssh'),
        });
      } finally {
        rude.close();
      }
    });
  });

  describe('a link that breaks', () => {
    it('is noticed when the host falls silent; the script is told as unanswered; the next one dials anew', async () => {
      const relay = await startRelay(sshd.port);
      try {
        const spec = sshd.spec(transport, {
          port: relay.port,
          sshArgs: [
            '-o',
            'ServerAliveInterval=1',
            '-o',
            'ServerAliveCountMax=2',
            '-o',
            `HostKeyAlias=[127.0.0.1]:${sshd.port}`,
          ],
          hostKeyChecking: false,
        });
        const connection = await connect(spec);
        // A script that says nothing for longer than that is left alone.
        const silent = connection.run('sleep 4; echo alive');
        expect(text((await silent).stdout)).toBe('alive\n');
        const running = connection.run('echo begun; sleep 300', { onOutput: () => relay.cut() });
        await expect(running).rejects.toMatchObject({
          fault: 'lost',
          unanswered: 'echo begun; sleep 300',
          message: expect.stringMatching(/^the connection to h1 was lost/),
        });
      } finally {
        relay.close();
      }
    }, 30_000);

    it('is dialled anew when sshd was restarted', async () => {
      const first = await startSshd();
      const connection = await connect(first.spec(transport, { hostKeyChecking: false }));
      const server = text((await connection.run('ps -o ppid= -p $PPID')).stdout).trim();
      expect(server).toMatch(/^\d+$/);
      const running = connection.run(
        'kill -KILL $(ps -o ppid= -p $(ps -o ppid= -p $$)) ; kill -KILL $(ps -o ppid= -p $$); sleep 20',
        { foreground: true },
      );
      const error = await running.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ fault: 'lost' });
      expect(text((await connection.run('echo back')).stdout)).toBe('back\n');
      await dialler?.close();
      await first.stop();
    }, 30_000);
  });

  describe('an sshd with limits', () => {
    it.each([
      ['one session a connection', ['MaxSessions 1']],
      ['two sessions a connection', ['MaxSessions 2']],
      ['few logins at a time', ['MaxStartups 2:50:6']],
    ])(
      '%s: commands still run side by side',
      async (_name, options) => {
        const tight = await startSshd(options);
        try {
          const connection = await connect(tight.spec(transport));
          const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => connection.run(`sleep 1; echo ${n}`)));
          expect(answers.map((answer) => text(answer.stdout))).toEqual(Array.from({ length: 8 }, (_, n) => `${n}\n`));
          const answer = await connection.run('echo begun; sleep 30', { timeout: 0.5 });
          expect(answer).toMatchObject({ timedOut: true });
        } finally {
          await dialler?.close();
          await tight.stop();
        }
      },
      30_000,
    );

    it('a command that is forced: told, not waited for', async () => {
      const forced = await startSshd(['ForceCommand echo This account is for backups only']);
      try {
        await expect(connect(forced.spec(transport))).rejects.toMatchObject({
          name: 'ConnectionError',
          message: expect.stringContaining('This account is for backups only'),
        });
      } finally {
        await forced.stop();
      }
    });

    it('no forwarding, or nobody listening: refused with a reason', async () => {
      const closed = await startSshd(['AllowTcpForwarding no']);
      try {
        const connection = await connect(closed.spec(transport));
        await expect(connection.forward('127.0.0.1', closed.port)).rejects.toMatchObject({ fault: 'refused' });
        const open = await connect(sshd.spec(transport));
        await expect(open.forward('127.0.0.1', await freePort())).rejects.toMatchObject({
          fault: 'refused',
          message: expect.stringMatching(/refused|failed/i),
        });
      } finally {
        await dialler?.close();
        await closed.stop();
      }
    });
  });

  it('goes through other hosts: ProxyJump', async () => {
    const hop = await startSshd();
    try {
      const config = join(home, `config-${transport}`);
      const known = join(home, `known-jump-${transport}`);
      writeFileSync(known, ownLine() + readFileSync(hop.knownHosts, 'utf8'));
      writeFileSync(
        config,
        `Host hop hop2\n  HostName 127.0.0.1\n  Port ${hop.port}\n  IdentityFile ${hop.clientKey}\n  User ${hop.spec('ssh2').user}\nHost *\n  UserKnownHostsFile ${known}\n`,
      );
      const spec = sshd.spec(transport);
      for (const jump of ['hop', 'hop,hop2']) {
        const connection = await connect({ ...spec, sshArgs: ['-F', config, '-J', jump] });
        const seen = text((await connection.run('echo $SSH_CONNECTION')).stdout);
        expect(seen).toMatch(/^127\.0\.0\.1 \d+ 127\.0\.0\.1 \d+\n$/);
        const before = connection.trips;
        await connection.run('true');
        expect(connection.trips - before).toBe(1);
        await dialler?.close();
      }
    } finally {
      await hop.stop();
    }
  }, 30_000);

  const chosen = transport === 'openssh' ? ['ProxyCommand'] : [];
  it.each(chosen)("goes through a %s, by the system's ssh, chosen by itself", async () => {
    const hop = await startSshd();
    try {
      const proxy = `ssh -F none -o UserKnownHostsFile=${hop.knownHosts} -i ${hop.clientKey} -p ${hop.port} -W %h:%p 127.0.0.1`;
      const connection = await connect(sshd.spec('ssh', { sshArgs: ['-o', `ProxyCommand=${proxy}`] }));
      expect(text((await connection.run('echo through')).stdout)).toBe('through\n');
    } finally {
      await dialler?.close();
      await hop.stop();
    }
  });

  describe.skipIf(!isRoot)('login shells', () => {
    it.each(['/usr/bin/fish', '/bin/tcsh', '/usr/bin/zsh', '/bin/bash'].filter((shell) => existsSync(shell)))(
      '%s',
      async (shell) => {
        const account = makeAccount(shell);
        const noisy = join('/home', account.name, shell.includes('tcsh') ? '.cshrc' : '.bashrc');
        writeFileSync(noisy, 'echo welcome to this host\n');
        try {
          const connection = await connect(sshd.spec(transport, { user: account.name }));
          expect(text((await connection.run('id -un; echo "it\'s $((1+1))"', { foreground: true })).stdout)).toBe(
            `${account.name}\nit's 2\n`,
          );
        } finally {
          await dialler?.close();
          account.remove();
        }
      },
      30_000,
    );
  });

  describe.skipIf(!isRoot)('becoming another user', () => {
    let account: Account;
    let trusted: Account;
    let strict: Account;
    let strictTrusted: Account;
    let before: string | undefined;
    beforeAll(() => {
      account = makeAccount('/bin/sh', (name) => `${name} ALL=(ALL) ALL`);
      trusted = makeAccount('/bin/sh', (name) => `${name} ALL=(ALL) NOPASSWD: ALL`);
      strict = makeAccount('/bin/sh', (name) => `${name} ALL=(ALL) ALL\nDefaults:${name} requiretty`);
      strictTrusted = makeAccount('/bin/sh', (name) => `${name} ALL=(ALL) NOPASSWD: ALL\nDefaults:${name} requiretty`);
      before = existsSync(DOAS) ? readFileSync(DOAS, 'utf8') : undefined;
      writeFileSync(DOAS, `permit ${account.name} as root\npermit nopass ${trusted.name} as root\n`, { mode: 0o600 });
    });
    afterAll(() => {
      for (const made of [account, trusted, strict, strictTrusted]) made?.remove();
      if (before === undefined) rmSync(DOAS, { force: true });
      else writeFileSync(DOAS, before);
    });
    const become = (more: Partial<ConnectionSpec['become'] & object>): NonNullable<ConnectionSpec['become']> => ({
      method: 'sudo',
      user: 'root',
      password: undefined,
      flags: undefined,
      exe: undefined,
      ...more,
    });
    const as = (user: Account, more: Parameters<typeof become>[0]): ConnectionSpec =>
      sshd.spec(transport, { user: user.name, become: become(more) });

    it.each<[string, () => ConnectionSpec, string | (() => string)]>([
      ['sudo that insists on a terminal', () => as(strict, { password: strict.password }), 'root'],
      ['sudo that insists on a terminal, without a password', () => as(strictTrusted, {}), 'root'],
      ['doas with a password', () => as(account, { method: 'doas', password: account.password }), 'root'],
      ['doas without one', () => as(trusted, { method: 'doas' }), 'root'],
      ['sudo without a password', () => as(trusted, {}), 'root'],
      ['sudo with one', () => as(account, { password: account.password }), 'root'],
      ['sudo with one that is not asked for', () => as(trusted, { password: 'unused' }), 'root'],
      ['sudo to an unprivileged user', () => as(trusted, { user: account.name }), () => account.name],
      ['sudo with flags and a path', () => as(trusted, { flags: '-H -n', exe: '/usr/bin/sudo' }), 'root'],
      [
        'su with a password',
        () => as(account, { method: 'su', user: trusted.name, password: trusted.password }),
        () => trusted.name,
      ],
      [
        'su from root',
        () => sshd.spec(transport, { become: become({ method: 'su', user: account.name }) }),
        () => account.name,
      ],
    ])('%s', async (_name, spec, expected) => {
      const connection = await connect(spec());
      const name = typeof expected === 'string' ? expected : expected();
      for (const how of [{ asking: true }, {}, { foreground: true }]) {
        const answer = await connection.run('id -un; cat', {
          ...how,
          stdin: { size: 3, sha1: '', md5: '', bytes: Buffer.from('abc') },
        });
        expect([answer.rc, text(answer.stdout)]).toEqual([0, `${name}\nabc`]);
      }
      await connection.put('/tmp/put-as-become', { size: 3, sha1: '', md5: '', bytes: Buffer.from('abc') });
      expect(text((await connection.run('stat -c %U /tmp/put-as-become; rm /tmp/put-as-become')).stdout)).toBe(
        `${name}\n`,
      );
    });

    it.each<[string, () => ConnectionSpec, string, RegExp]>([
      ['a wrong password for sudo', () => as(account, { password: 'wrong' }), 'become', /^Incorrect sudo password$/],
      ['no password for sudo', () => as(account, {}), 'become', /^Missing sudo password$/],
      [
        'a wrong password for su',
        () => as(account, { method: 'su', password: 'wrong' }),
        'become',
        /^Incorrect su password$/,
      ],
      ['no password for su', () => as(account, { method: 'su' }), 'become', /^Missing su password$/],
      ['a user that is not there', () => as(trusted, { user: 'nobody-of-that-name' }), 'become', /nobody-of-that-name/],
      ['a program that is not there', () => as(trusted, { exe: 'nosuchsudo' }), 'become', /nosuchsudo/],
      ['a method that is not known', () => as(trusted, { method: 'runas' }), 'unsupported', /runas/],
    ])(
      'tells %s',
      async (_name, spec, fault, message) => {
        const started = Date.now();
        await expect(connect(spec())).rejects.toMatchObject({ fault, message: expect.stringMatching(message) });
        expect(Date.now() - started).toBeLessThan(9_000);
      },
      20_000,
    );

    it('sees a new group after a renewal', async () => {
      const connection = await connect(sshd.spec(transport, { user: trusted.name }));
      const group = `g${trusted.name}`;
      execFileSync('groupadd', [group]);
      try {
        execFileSync('usermod', ['-aG', group, trusted.name]);
        expect(text((await connection.run('id -Gn')).stdout)).not.toContain(group);
        dialler!.renew('h1');
        expect(text((await connection.run('id -Gn')).stdout)).toContain(group);
      } finally {
        execFileSync('groupdel', ['-f', group]);
      }
    });
  });
});

describe('connections that cannot be', () => {
  it.each([
    ['winrm', /"winrm" is not supported: Windows/],
    ['ansible.netcommon.network_cli', /is not supported/],
    ['telepathy', /"telepathy" is not supported: there is no such connection/],
  ])('%s', async (transport, message) => {
    await expect(connect(plainSpec(transport))).rejects.toMatchObject({
      fault: 'unsupported',
      message: expect.stringMatching(message),
    });
  });
});
