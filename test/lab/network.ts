// A lab's network: a namespace of its own with a bridge ("control"), a namespace per host, joined by veth. The machine's own
// interfaces, routes and firewall are not touched, and a packet for a dead host has nowhere else to go.

import { run } from './command.ts';
import { controlAddress, controlNamespace, type HostState, hostNamespace, type LabState, saveState } from './state.ts';

/** `ip` inside the control namespace. */
export function controlIp(state: LabState, ...words: string[]): Promise<unknown> {
  return run(['ip', '-n', controlNamespace(state), ...words]);
}

/** Makes the control namespace with its bridge. */
export async function makeControl(state: LabState): Promise<void> {
  const control = controlNamespace(state);
  await makeNamespace(state, control);
  await controlIp(state, 'link', 'set', 'lo', 'up');
  await controlIp(state, 'link', 'add', 'br0', 'type', 'bridge', 'forward_delay', '0');
  await controlIp(state, 'addr', 'add', `${controlAddress}/24`, 'dev', 'br0');
  await controlIp(state, 'link', 'set', 'br0', 'up');
}

/** Makes a host's namespace and plugs it into the bridge; its end of the cable in the control namespace has the host's name. */
export async function plugHost(state: LabState, host: HostState): Promise<void> {
  const namespace = hostNamespace(state, host.name);
  await makeNamespace(state, namespace);
  await controlIp(state, ...`link add name ${host.name} type veth peer name eth0 netns ${namespace}`.split(' '));
  await controlIp(state, 'link', 'set', 'dev', host.name, 'master', 'br0', 'up');
  for (const words of [
    'link set lo up',
    `addr add ${host.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${controlAddress}`,
  ]) {
    await run(['ip', '-n', namespace, ...words.split(' ')]);
  }
}

async function makeNamespace(state: LabState, name: string): Promise<void> {
  state.namespaces.push(name);
  saveState(state);
  await run(['ip', 'netns', 'add', name]);
}

/** Removes the namespaces that were made; the cables go with them. */
export async function removeNetwork(state: LabState): Promise<void> {
  for (const name of [...state.namespaces].reverse()) await run(['ip', 'netns', 'del', name], { tolerate: true });
}

/** Waits until the addresses answer with an SSH banner. Throws LabError after `seconds`. */
export async function waitForSsh(state: LabState, addresses: readonly string[], seconds = 60): Promise<void> {
  const program = `(${probeSsh})(require('node:net'), ${JSON.stringify(addresses)}, ${seconds * 1000})`;
  await run(['ip', 'netns', 'exec', controlNamespace(state), process.execPath, '-e', program]);
}

/** Runs in a process of its own inside the control namespace, as text: it may use nothing but its arguments. */
function probeSsh(net: typeof import('node:net'), addresses: readonly string[], milliseconds: number): void {
  const until = Date.now() + milliseconds;
  const knock = (address: string): void => {
    let answered = false;
    const socket = net.connect({ host: address, port: 22, timeout: 2000 });
    socket.on('data', (chunk) => {
      answered = chunk.subarray(0, 4).toString() === 'SSH-';
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (answered) return;
      if (Date.now() > until) {
        console.error(`${address} does not answer on port 22`);
        process.exit(1);
      }
      setTimeout(knock, 30, address);
    });
  };
  for (const address of addresses) knock(address);
}
