// What a plan wants done from the controller's side: fetched files, waits, reconnects, HTTP. Interpreted here, so that
// modules stay pure.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError, ModuleFailure } from '../model/errors.ts';
import type { JsonObject } from '../model/value.ts';
import type { ControllerEffect, StepResult } from '../module/contract.ts';
import { compile, type Pattern } from '../regex/pattern.ts';
import { request } from './http.ts';
import type { Target } from './target.ts';

type Outcome = Pick<StepResult, 'rc' | 'stdout' | 'stderr' | 'data'>;
type Effect<K extends ControllerEffect['kind']> = Extract<ControllerEffect, { kind: K }>;

const NOTHING = new Uint8Array();
const CHUNK_OF_INTEREST = 2 ** 20;

/** Carries out one effect. Throws ModuleFailure or ConnectionError. */
export async function carryOut(effect: ControllerEffect, target: Target, signal: AbortSignal): Promise<Outcome> {
  switch (effect.kind) {
    case 'fetch':
      return done(await fetchFile(effect, target));
    case 'sleep':
      await sleep(effect.seconds * 1000, undefined, { signal });
      return done({});
    case 'reconnect':
      return done(await reconnect(effect, target, signal));
    case 'http': {
      const answer = await request(effect.request, (host, port) => target.forward(host, port));
      return { rc: 0, stdout: answer.body, stderr: NOTHING, data: answer.data };
    }
    case 'tcp':
      return done(await waitForPort(effect, target, signal));
    case 'poll':
      return poll(effect, target, signal);
  }
}

function done(data: JsonObject): Outcome {
  return { rc: 0, stdout: NOTHING, stderr: NOTHING, data };
}

async function fetchFile(effect: Effect<'fetch'>, target: Target): Promise<JsonObject> {
  const bytes = await target.get(effect.path);
  const checksum = createHash('sha1').update(bytes).digest('hex');
  if (effect.expect !== undefined && effect.expect !== checksum) {
    throw new ModuleFailure('checksum mismatch', {
      msg: 'checksum mismatch',
      file: effect.path,
      dest: effect.to,
      remote_checksum: effect.expect,
      checksum,
    });
  }
  if ((await stat(effect.to).catch(() => undefined))?.isDirectory()) {
    throw new ModuleFailure(
      'dest is an existing directory, use a trailing slash if you want to fetch src into that directory',
      { file: effect.path },
    );
  }
  const old = await readFile(effect.to).catch(() => undefined);
  const before = old === undefined ? null : createHash('sha1').update(old).digest('hex');
  const data = {
    checksum,
    md5sum: createHash('md5').update(bytes).digest('hex'),
    size: bytes.length,
    before,
    changed: before !== checksum,
  };
  if (!data.changed) return data;
  const side = join(dirname(effect.to), `.troupe-${process.pid}-${checksum.slice(0, 12)}`);
  try {
    await mkdir(dirname(effect.to), { recursive: true });
    await writeFile(side, bytes);
    await rename(side, effect.to);
  } catch (error) {
    await rm(side, { force: true });
    throw new ModuleFailure(`could not write ${effect.to} on the controller: ${(error as Error).message}`);
  }
  return data;
}

/** Repeats `attempt` until it gives a value or the time is over. */
async function until<T>(
  seconds: number,
  pause: number,
  signal: AbortSignal,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + seconds * 1000;
  do {
    const value = await attempt();
    if (value !== undefined) return value;
    // The last pause goes to the end of the time, not to its own.
    await sleep(Math.max(0, Math.min(pause * 1000, end - Date.now())), undefined, { signal });
  } while (Date.now() < end);
  return undefined;
}

async function reconnect(effect: Effect<'reconnect'>, target: Target, signal: AbortSignal): Promise<JsonObject> {
  const started = Date.now();
  if (effect.delay !== undefined && effect.delay > 0) await sleep(effect.delay * 1000, undefined, { signal });
  const back = await until(effect.timeout, 1, signal, async () => {
    await target.reset();
    try {
      if (effect.bootIdBefore !== undefined) {
        const answer = await target.run('cat /proc/sys/kernel/random/boot_id');
        if (new TextDecoder().decode(answer.stdout).trim() === effect.bootIdBefore.trim()) return undefined;
      }
      return (await target.run(effect.test ?? 'true')).rc === 0 ? true : undefined;
    } catch (error) {
      if (error instanceof ConnectionError) return undefined;
      throw error;
    }
  });
  const elapsed = Math.floor((Date.now() - started) / 1000);
  if (back === undefined)
    throw new ModuleFailure(`Timed out waiting for the host to come back (timeout=${effect.timeout})`, {
      elapsed,
      rebooted: true,
    });
  return { elapsed };
}

async function waitForPort(effect: Effect<'tcp'>, target: Target, signal: AbortSignal): Promise<JsonObject> {
  const started = Date.now();
  if (effect.delay > 0) await sleep(effect.delay * 1000, undefined, { signal });
  const left = effect.timeout - (Date.now() - started) / 1000;
  const reached = await until(left, effect.sleep, signal, async () => {
    const socket = await target.forward(effect.host, effect.port).catch((error: unknown) => {
      if (error instanceof ConnectionError && error.fault === 'lost') throw error;
      return undefined;
    });
    if (effect.until === 'closed') {
      socket?.destroy();
      return socket === undefined ? true : undefined;
    }
    if (socket === undefined) return undefined;
    if (effect.pattern === undefined) {
      socket.destroy();
      return true;
    }
    return (await search(socket, compile(effect.pattern, { multiline: true }), effect.connectTimeout)) || undefined;
  });
  const elapsed = Math.floor((Date.now() - started) / 1000);
  if (reached === undefined)
    throw new ModuleFailure(effect.failure ?? `Timeout when waiting for ${effect.host}:${effect.port}`, { elapsed });
  return { elapsed };
}

/** Reads what the peer says: does it match in time? */
function search(socket: Duplex, pattern: Pattern, seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const end = (found: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => end(false), seconds * 1000);
    socket.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).slice(-CHUNK_OF_INTEREST);
      if (pattern.test(text)) end(true);
    });
    socket.on('error', () => end(false));
    socket.on('end', () => end(false));
  });
}

async function poll(effect: Effect<'poll'>, target: Target, signal: AbortSignal): Promise<Outcome> {
  const started = Date.now();
  if (effect.delay > 0) await sleep(effect.delay * 1000, undefined, { signal });
  const left = effect.timeout - (Date.now() - started) / 1000;
  const answer = await until(left, effect.sleep, signal, async () => {
    const tried = await target.run(effect.script, { uses: effect.uses });
    return tried.rc === 0 ? tried : undefined;
  });
  const elapsed = Math.floor((Date.now() - started) / 1000);
  if (answer === undefined)
    throw new ModuleFailure(effect.failure ?? `Timeout after ${effect.timeout} seconds`, { elapsed });
  return { rc: 0, stdout: answer.stdout, stderr: answer.stderr, data: { elapsed } };
}
