// Connections of a port as /proc/net/tcp lists them: addresses in the kernel's hexadecimal, states by number.

import { ModuleFailure } from '../../engine/module/contract.ts';
import { type Script, sh } from '../../engine/module/sh.ts';

const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
  CLOSE: '07',
  CLOSE_WAIT: '08',
  LAST_ACK: '09',
  CLOSING: '0B',
};

/** The ways in which an address can stand in the kernel's lists. Throws ModuleFailure for what is no address. */
export function kernelForms(address: string): string[] {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (four !== null) {
    const word = littleEndian(four.slice(1).map(Number));
    return [word, `0000000000000000FFFF0000${word}`];
  }
  const groups = ipv6Groups(address);
  if (groups === undefined) throw new ModuleFailure(`'${address}' is no address: names are not resolved here`);
  const bytes = groups.flatMap((group) => [group >> 8, group & 0xff]);
  return [[0, 4, 8, 12].map((at) => littleEndian(bytes.slice(at, at + 4))).join('')];
}

function littleEndian(bytes: readonly number[]): string {
  return [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

function ipv6Groups(address: string): number[] | undefined {
  if (!/^[0-9a-fA-F:]+$/.test(address) || !address.includes(':')) return undefined;
  const [head = '', tail] = address.split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [left, right] = [parse(head), parse(tail ?? '')];
  const gap = 8 - left.length - right.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  return [...left, ...Array.from({ length: Math.max(gap, 0) }, () => 0), ...right];
}

/** A script that succeeds when no connection of the port is active. Throws ModuleFailure for unknown states. */
export function drained(wanted: {
  readonly host: string;
  readonly port: number;
  readonly states: readonly string[];
  readonly excluded: readonly string[];
}): Script {
  const states = wanted.states.map((state) => {
    const number = STATES[state];
    if (number === undefined) throw new ModuleFailure(`unknown active_connection_state (${state}) defined`);
    return number;
  });
  const any = ['0.0.0.0', '::'].includes(wanted.host);
  const here = any ? [] : kernelForms(wanted.host === 'localhost' ? '127.0.0.1' : wanted.host);
  const excluded = wanted.excluded.flatMap(kernelForms);
  const port = wanted.port.toString(16).toUpperCase().padStart(4, '0');
  return sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=${port} -v here=${` ${here.join(' ')} `} -v states=${` ${states.join(' ')} `} -v excluded=${` ${excluded.join(' ')} `} '
{ split($2, l, ":"); split($3, r, ":") }
l[2] == port && index(states, " " $4 " ") && (here == "  " || index(here, " " l[1] " ")) && !index(excluded, " " r[1] " ") { active = 1 }
END { exit active }'`;
}
