// Delay where the kernel has no netem: the control namespace takes over the host's address for the control's own connections, and
// a process there passes the bytes on, late, to a second address of the host. Only TCP from the control namespace to the ports
// below is slow then; traffic between hosts is not.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, pause, run } from './command.ts';
import { hostFolder } from './hosts.ts';
import { controlIp } from './network.ts';
import { end, isAlive, refer } from './processes.ts';
import { controlNamespace, type HostState, hostNamespace, type LabState, saveState } from './state.ts';

const ports = [22, 80, 443, 3306, 5000, 5672, 8080];

/** The second address, where the host is reached at full speed: the last number plus 100. */
function behind(address: string): string {
  return address.replace(/\d+$/, (last) => `${Number(last) + 100}`);
}

/** Puts the relay in the way. Throws LabError when it does not come up. */
export async function startRelay(state: LabState, host: HostState, milliseconds: number): Promise<void> {
  const control = controlNamespace(state);
  const hidden = behind(host.address);
  await run(['ip', '-n', hostNamespace(state, host.name), 'addr', 'replace', `${hidden}/24`, 'dev', 'eth0']);
  // The bridge must not answer for the borrowed address when other hosts ask for its owner.
  await run(['ip', 'netns', 'exec', control, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore']);
  await controlIp(state, 'addr', 'replace', `${host.address}/32`, 'dev', 'lo');
  const program = `(${relay})(require('node:net'), ${JSON.stringify([host.address, hidden, ports])}, ${milliseconds})`;
  const log = openSync(join(hostFolder(state, host), 'relay.log'), 'a');
  const child = spawn('ip', ['netns', 'exec', control, process.execPath, '-e', program], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  closeSync(log);
  const ref = refer(child.pid);
  if (ref !== undefined) host.relay = ref;
  saveState(state);
  for (let tries = 0; tries < 200; tries++) {
    const { stdout } = await run([
      'ip',
      'netns',
      'exec',
      control,
      'ss',
      '-Hltn',
      `src ${host.address}:${ports.at(-1)}`,
    ]);
    if (stdout !== '') return;
    await pause(25);
  }
  await stopRelay(state, host);
  throw new LabError(`the relay that delays ${host.name} did not start: see relay.log`);
}

/** Takes the relay out of the way; does nothing when there is none. */
export async function stopRelay(state: LabState, host: HostState): Promise<void> {
  if (host.relay === undefined) return;
  if (isAlive(host.relay)) await end(host.relay);
  delete host.relay;
  const quiet = { tolerate: true };
  await run(['ip', '-n', controlNamespace(state), 'addr', 'del', `${host.address}/32`, 'dev', 'lo'], quiet);
  const away = ['addr', 'del', `${behind(host.address)}/24`, 'dev', 'eth0'];
  await run(['ip', '-n', hostNamespace(state, host.name), ...away], quiet);
}

/** Runs in a process of its own inside the control namespace, as text: it may use nothing but its arguments. */
function relay(net: typeof import('node:net'), [front, back, served]: [string, string, number[]], delay: number): void {
  for (const port of served) {
    const server = net.createServer({ allowHalfOpen: true }, (near) => {
      const far = net.connect({ host: back, port, allowHalfOpen: true });
      const late = (work: () => void): unknown => setTimeout(work, delay);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.setNoDelay(true);
        from.on('data', (chunk) => late(() => to.writable && to.write(chunk)));
        from.on('end', () => late(() => to.end()));
        from.on('error', () => late(() => to.destroy()));
      }
    });
    server.listen(port, front);
  }
}
