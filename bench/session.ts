// What one script costs over a connection that is up: wall time and controller CPU of `true`, in each way to run it.
// usage: session TRANSPORT ADDRESS PORT USER KEY KNOWN_HOSTS [COUNT]

import type { ConnectionSpec, How } from '../engine/connection/contract.ts';
import { createDialler } from '../engine/connection/dialler.ts';

const [transport = 'local', address = 'localhost', port, user, key, knownHosts, count = '500'] = process.argv.slice(2);
const spec: ConnectionSpec = {
  transport,
  host: address,
  address,
  port: port ? Number(port) : undefined,
  user: user || undefined,
  password: undefined,
  privateKeyFile: key || undefined,
  privateKeyPassphrase: undefined,
  sshArgs: knownHosts ? ['-F', 'none', '-o', `UserKnownHostsFile=${knownHosts}`] : [],
  hostKeyChecking: true,
  timeout: 10,
  retries: 0,
  executable: '/bin/sh',
  remoteTmp: '~/.ansible/tmp',
  become: undefined,
  extra: {},
};

const WAYS: readonly (readonly [string, string, How])[] = [
  ['asking', 'true', { asking: true }],
  ['own', 'true', {}],
  ['foreground', 'true', { foreground: true }],
  ['asking, 3.5 KB of script', `${': padding of a script\n'.repeat(165)}true`, { asking: true }],
];

const dialler = createDialler();
let started = performance.now();
const connection = await dialler.connect(spec);
console.log(`connect and shell: ${(performance.now() - started).toFixed(1)} ms`);
for (const [name, script, how] of WAYS) {
  for (let n = 0; n < 20; n++) await connection.run(script, how);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let n = 0; n < Number(count); n++) {
    started = performance.now();
    await connection.run(script, how);
    times.push(performance.now() - started);
  }
  const used = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(2);
  const each = (used.user + used.system) / 1000 / Number(count);
  console.log(`${name}: p50 ${at(0.5)} ms, p90 ${at(0.9)}, p99 ${at(0.99)}; controller CPU ${each.toFixed(2)} ms`);
}
await dialler.close();
