// The main job on real input: ZStack's site on bare hosts, foretold, played, and played again.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../engine/model/event.ts';
import type { TaskResult } from '../../engine/model/result.ts';
import { buildStandIn } from '../zstack/package.ts';
import { type Lab, upLab } from './lab.ts';
import { sitePackages } from './pool.ts';

const able = process.platform === 'linux' && process.getuid?.() === 0;
const top = resolve(import.meta.dirname, '../..');
const HOSTS = ['db', 'mq', 'mn1', 'mn2'];

interface Played {
  readonly rc: number;
  readonly text: string;
  readonly events: readonly Event[];
}

describe.skipIf(!able)(`ZStack's site on four real hosts${able ? '' : ' (needs root on Linux)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-site-'));
  let lab: Lab;
  let before: readonly string[];
  let after: readonly string[];
  let dry: Played;
  let real: Played;
  let again: Played;
  let pythons: readonly string[];

  const play = async (name: string, ...more: string[]): Promise<Played> => {
    const events = join(folder, `${name}.jsonl`);
    const argv = [
      process.execPath,
      join(top, 'dist/test/lab/player.js'),
      events,
      '-i',
      lab.inventory(),
      '-i',
      join(top, 'inventories/lab'),
    ];
    const ran = await lab.run(
      [
        ...argv,
        '-e',
        `zstack_package=${folder}/zstack-all-in-one-0.7.1.tgz`,
        join(top, 'playbooks/zstack/site.yml'),
        ...more,
      ],
      { tolerate: true },
    );
    const lines = readFileSync(events, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return { rc: ran.rc, text: `${ran.stdout}${ran.stderr}`, events: lines.map((line) => JSON.parse(line) as Event) };
  };

  beforeAll(async () => {
    await buildStandIn(folder);
    lab = await upLab({
      name: `site-${process.pid}`.slice(0, 16),
      hosts: HOSTS.map((name) => ({ name })),
      pool: sitePackages,
    });
    pythons = await Promise.all(
      HOSTS.map(async (host) => (await lab.exec(host, 'command -v python3 || echo none')).stdout.trim()),
    );
    before = HOSTS.map((host) => lab.digest(host));
    dry = await play('dry', '--check');
    after = HOSTS.map((host) => lab.digest(host));
    real = await play('real');
    again = await play('again');
  });

  afterAll(async () => {
    await lab?.down();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the dry run goes through to the end and changes nothing', () => {
    expect(dry.rc, dry.text).toBe(0);
    expect(after).toEqual(before);
  });

  it('the real run succeeds', () => {
    expect(real.rc, real.text).toBe(0);
  });

  it('the dry run foretold what the real run changed', () => {
    const foretold = changedTasks(dry.events);
    const changed = changedTasks(real.events);
    const both = [...foretold].filter((task) => changed.has(task));
    const either = new Set([...foretold, ...changed]);
    const share = both.length / either.size;
    const missed = [...changed].filter((task) => !foretold.has(task));
    const wrong = [...foretold].filter((task) => !changed.has(task));
    console.log(`foretold ${both.length} of ${either.size} changed host-tasks: ${share.toFixed(3)}`);
    expect(share, `missed: ${missed.join('; ')}\nforetold in vain: ${wrong.join('; ')}`).toBeGreaterThanOrEqual(0.97);
  });

  it('a second run changes nothing, at one round trip a task at most', () => {
    expect(again.rc, again.text).toBe(0);
    expect([...changedTasks(again.events)]).toEqual([]);
    const slow = results(again.events)
      .filter(({ result, action }) => (result.trips ?? 0) > 1 && !BY_NATURE.has(action))
      .map(({ key, result }) => `${key}: ${result.trips} trips`);
    expect(slow).toEqual([]);
  });

  it('both management nodes are running, with different addresses', async () => {
    const { stdout } = await lab.exec(
      'db',
      'mysql -N -e "SELECT hostName FROM zstack.ManagementNodeVO WHERE state = \'RUNNING\' ORDER BY hostName"',
    );
    const addresses = stdout.trim().split('\n');
    expect(addresses).toHaveLength(2);
    expect(new Set(addresses).size).toBe(2);
  });

  it('no host had Python before the site was played', () => {
    expect(pythons).toEqual(HOSTS.map(() => 'none'));
  });
});

/** Actions that take more than one trip by nature: they wait, repeat, or carry an archive to compare. */
const BY_NATURE = new Set(['ansible.builtin.uri', 'ansible.builtin.wait_for', 'ansible.builtin.unarchive']);

interface Told {
  readonly key: string;
  readonly action: string;
  readonly result: TaskResult;
}

/** Every execution by its address and host: items of loops one by one, a loop's sum not. */
function results(events: readonly Event[]): Told[] {
  const told: Told[] = [];
  for (const event of events) {
    if (event.kind === 'item-finished')
      told.push({
        key: `${event.address} ${event.host} ${event.task.name}`,
        action: event.task.action,
        result: event.item.result,
      });
    else if (event.kind === 'host-finished' && !event.loop) {
      const { task, host, result } = event.outcome;
      told.push({ key: `${task.address} ${host} ${task.name}`, action: task.action, result });
    }
  }
  return told;
}

function changedTasks(events: readonly Event[]): Set<string> {
  return new Set(
    results(events)
      .filter(
        ({ result }) => result.status === 'changed' || (result.status === 'skipped' && result.foretold === 'changed'),
      )
      .map(({ key }) => key),
  );
}
