// Pages for the lookup `url`. Templates are evaluated without waiting, so the request is made by a process of its own,
// which is this file run as a program, and that is waited for.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { request } from '../execute/http.ts';
import { ConnectionError } from '../model/errors.ts';
import { proxyFor } from '../module/proxy.ts';
import type { PageAnswer, PageRequest } from '../template/contract.ts';

const HERE = fileURLToPath(import.meta.url);
/** Sources cannot be run as they are: what was built of them is. */
const PROGRAM = HERE.endsWith('.ts') ? fileURLToPath(new URL('../../dist/engine/cli/page.js', import.meta.url)) : HERE;
/** Bytes of an answer: a page at its longest, as base64, and what is told with it. */
const MOST = 128 * 2 ** 20;
/** Seconds beyond the request's own after which the process is given up: each of its steps may take them once. */
const PATIENCE = 5;

/** Fetches a page and waits for it. */
export function fetchPage(wanted: PageRequest): PageAnswer {
  const run = spawnSync(process.execPath, [PROGRAM], {
    input: JSON.stringify(wanted),
    encoding: 'utf8',
    maxBuffer: MOST,
    timeout: (wanted.timeout * 12 + PATIENCE) * 1000,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.error === undefined && run.stdout !== '') return JSON.parse(run.stdout) as PageAnswer;
  return { status: -1, reason: run.error?.message ?? 'the request ended without an answer', body: '' };
}

async function answered(wanted: PageRequest): Promise<PageAnswer> {
  const proxy = wanted.usesProxy ? proxyFor(wanted.url, process.env as Record<string, string>) : undefined;
  const sent = { ...wanted, method: 'GET', ...(proxy === undefined ? {} : { proxy }) };
  const { data, body } = await request(sent, (host, port) => dialled(host, port, wanted));
  return {
    status: Number(data['status']),
    reason: String(data['reason']),
    body: Buffer.from(body).toString('base64'),
  };
}

function dialled(host: string, port: number, { unixSocket }: PageRequest): ReturnType<Parameters<typeof request>[1]> {
  return new Promise((resolve, reject) => {
    const socket = unixSocket === undefined ? connect({ host, port }) : connect(unixSocket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const lost = error.syscall === 'getaddrinfo';
      reject(lost ? new ConnectionError('resolve', error.message, {}) : error);
    });
  });
}

if (process.argv[1] === HERE)
  process.stdout.write(
    JSON.stringify(
      await answered(JSON.parse(readFileSync(0, 'utf8')) as PageRequest).catch(
        (error: Error): PageAnswer => ({ status: -1, reason: error.message, body: '' }),
      ),
    ),
  );
