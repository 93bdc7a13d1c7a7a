// The lab proves itself: hosts of every kind come up and answer, faults bite and heal, and nothing is left behind.

import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './command.ts';
import { compareDigests } from './digest.ts';
import { clearAbandoned, type Lab, upLab } from './lab.ts';
import { isMounted } from './mounts.ts';
import { folderOf } from './paths.ts';
import { ended, refer } from './processes.ts';
import { readState, saveState } from './state.ts';
import { onRealHosts } from './suite.ts';

const name = `self-${process.pid}`;

onRealHosts('a lab of real hosts', () => {
  let lab: Lab;

  beforeAll(async () => {
    const hosts = [
      { name: 'a' },
      { name: 'small', disk: '150m' },
      { name: 'sv', layer: 'sysv' },
      { name: 'rp', layer: 'rpm' },
      { name: 'bb', layer: 'busybox' },
    ];
    lab = await upLab({ name, hosts, pool: ['bzip2'] });
  });
  afterAll(() => lab?.down());

  test.each([
    { host: 'a', pid1: 'systemd' },
    { host: 'sv', pid1: 'init' },
    { host: 'rp', pid1: 'systemd' },
  ])('$host answers over ssh, pid 1 is $pid1', async ({ host, pid1 }) => {
    const { stdout } = await lab.exec(host, 'uname -n; cat /proc/1/comm');
    expect(stdout).toBe(`${host}\n${pid1}\n`);
  });

  test('the busybox host has a sh and little else', async () => {
    const { stdout } = await lab.exec(
      'bb',
      'uname -n; for p in bash perl python3 apt scp; do command -v $p; done; true',
    );
    expect(stdout).toBe('bb\n');
  });

  test('the rpm host says what it is and has dnf', async () => {
    const { stdout } = await lab.exec('rp', '. /etc/os-release; echo $ID $VERSION_ID; command -v dnf yum');
    expect(stdout).toBe('rocky 9.4\n/usr/bin/dnf\n/usr/bin/yum\n');
  });

  test('a package is installed from the offline pool', async () => {
    await lab.exec('a', 'apt-get -y -qq install bzip2 && bzip2 --help', { timeout: 60_000 });
  });

  test('hosts know and reach each other; the network of the machine is as it was', async () => {
    const { stdout } = await lab.exec('a', 'ping -c1 -W2 small >/dev/null && echo reached');
    expect(stdout).toBe('reached\n');
    const outside = await run(['ip', '-brief', 'address']);
    expect(`${outside.stdout}${(await run(['ip', 'route'])).stdout}`).not.toContain('10.77.0.');
  });

  test('the inventory works for a program in the control namespace', async () => {
    const text = lab.inventoryText({ zone: ['a', 'bb'] });
    expect(text).toContain('a ansible_host=10.77.0.11\n');
    expect(text).toContain('\n[zone]\na\nbb\n');
    expect(existsSync(lab.inventory())).toBe(true);
  });

  test('a digest shows one changed file and nothing else', async () => {
    const before = await lab.digest('a');
    await lab.exec('a', 'true');
    expect(compareDigests(before, await lab.digest('a'))).toEqual([]);
    await lab.exec('a', 'chmod 0600 /etc/hostname; echo x > "/tmp/left é"');
    await lab.exec('a', 'cp /usr/bin/ping /root/; setcap cap_net_raw+p /root/ping');
    expect(compareDigests(before, await lab.digest('a')).map((line) => line.replace(/ \w{40}\b/, ''))).toEqual([
      '-/etc/hostname file 0644 0:0',
      '+/etc/hostname file 0600 0:0',
      '+/root/ping file 0755 0:0 security.capability=0x0000000200200000000000000000000000000000',
      '+/tmp/left é file 0644 0:0',
    ]);
  });

  test('cut and heal', async () => {
    await lab.fault('a', 'cut');
    expect((await lab.exec('a', 'true', { tolerate: true })).rc).toBe(255);
    expect((await lab.enter('a', 'uname -n')).stdout).toBe('a\n');
    await lab.fault('a', 'heal');
    expect((await lab.exec('a', 'echo back')).stdout).toBe('back\n');
  });

  test('kill and start keep the disk', async () => {
    await lab.exec('a', 'echo kept > /root/kept; sync');
    await lab.fault('a', 'kill');
    expect((await lab.exec('a', 'true', { tolerate: true })).rc).toBe(255);
    await lab.fault('a', 'start');
    expect((await lab.exec('a', 'cat /root/kept')).stdout).toBe('kept\n');
  });

  test('pause and resume', async () => {
    await lab.fault('a', 'pause');
    expect((await lab.exec('a', 'true', { tolerate: true, timeout: 1500 })).rc).not.toBe(0);
    await lab.fault('a', 'resume');
    expect((await lab.exec('a', 'echo on')).stdout).toBe('on\n');
  });

  test('delay makes each answer late, heal takes it away', async () => {
    // Of several greetings the quickest: the machine may be busy.
    const quickest = async (): Promise<number> => {
      const address = lab.hosts().find(({ name: host }) => host === 'a')!.address;
      const program = `const net = require('node:net'); let best = Infinity; let left = 5;
        const next = () => { const began = Date.now(); const socket = net.connect(22, '${address}');
          socket.once('data', () => { best = Math.min(best, Date.now() - began); socket.destroy();
            if (--left > 0) next(); else console.log(best); }); };
        next();`;
      return Number((await lab.run([process.execPath, '-e', program])).stdout);
    };
    await lab.fault('a', 'delay', 100);
    expect(await quickest()).toBeGreaterThanOrEqual(100);
    await lab.fault('a', 'heal');
    expect(await quickest()).toBeLessThan(100);
  });

  test('full leaves no room on that disk only', async () => {
    await lab.fault('small', 'full', 100);
    const { rc, stderr } = await lab.exec('small', 'head -c 1000000 /dev/zero > /root/big', { tolerate: true });
    expect({ rc, stderr }).toEqual({ rc: 1, stderr: expect.stringContaining('No space left on device') });
    await lab.fault('small', 'heal');
    await lab.exec('small', 'head -c 1000000 /dev/zero > /root/big');
  });

  test('reboot inside really reboots', async () => {
    const before = (await lab.exec('a', 'cat /proc/sys/kernel/random/boot_id')).stdout;
    await lab.exec('a', 'systemctl reboot', { tolerate: true });
    const patient = 'for i in $(seq 100); do cat /proc/sys/kernel/random/boot_id && exit; sleep 0.1; done';
    let after = before;
    for (let tries = 0; tries < 100 && (after === before || after === ''); tries++) {
      after = (await lab.exec('a', patient, { tolerate: true })).stdout;
    }
    expect(after).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(after).not.toBe(before);
  });

  test('reset gives a fresh disk', async () => {
    await lab.exec('sv', 'touch /root/mark');
    await lab.reset('sv', 'bb');
    expect((await lab.exec('sv', 'ls /root')).stdout).toBe('');
    expect((await lab.exec('bb', 'echo here')).stdout).toBe('here\n');
  });

  test('labs stand side by side with the same addresses', async () => {
    const other = await upLab({ name: `${name}-b`, hosts: [{ name: 'x' }] });
    try {
      expect((await other.exec('x', 'uname -n')).stdout).toBe('x\n');
      expect((await lab.exec('a', 'uname -n')).stdout).toBe('a\n');
    } finally {
      await other.down();
    }
  });

  test('what a killed run left behind is cleared by the next one, and nothing else', async () => {
    const killed = `${name}-k`;
    await upLab({ name: killed, hosts: [{ name: 'x' }] });
    // The lab now belongs to a process that has ended.
    const child = spawn('sleep', ['60']);
    const owner = refer(child.pid)!;
    child.kill('SIGKILL');
    await ended(owner, 5000);
    saveState({ ...readState(killed)!, owner });
    const root = join(folderOf(killed), 'hosts/x/root');
    expect(isMounted(root)).toBe(true);
    const told: string[] = [];
    await clearAbandoned((line) => told.push(line));
    expect(told).toEqual([`clearing what a killed run left behind: lab ${killed}`]);
    expect(isMounted(root)).toBe(false);
    expect(existsSync(folderOf(killed))).toBe(false);
    expect((await run(['ip', 'netns'])).stdout).not.toContain(killed);
    expect((await lab.exec('a', 'echo here')).stdout).toBe('here\n');
  });

  test('a bad name is refused before anything is made', async () => {
    await expect(upLab({ name, hosts: [{ name: 'UP' }] })).rejects.toThrow("a host's name is a-z, 0-9 and -");
    await expect(upLab({ name: `${name}-c`, hosts: [{ name: 'x', layer: 'arch' }] })).rejects.toThrow('no layer arch');
    await expect(lab.exec('nobody', 'true')).rejects.toThrow(`has no host nobody`);
  });

  test('files are handed in read-only', async () => {
    writeFileSync(join(lab.share, 'note'), 'hello\n');
    expect((await lab.exec('a', 'cat /srv/lab/note; touch /srv/lab/x', { tolerate: true })).stdout).toBe('hello\n');
    expect(existsSync(join(lab.share, 'x'))).toBe(false);
  });
});
