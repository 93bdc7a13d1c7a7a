// The main job on real input: ZStack's site on bare hosts, foretold, played, and played again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isControl } from '../../engine/module/registry.ts';
import { registry } from '../../modules/index.ts';
import { buildStandIn } from '../zstack/package.ts';
import { compareDigests } from './digest.ts';
import { type Lab, upLab } from './lab.ts';
import { agreement, busier, changed, executions, type Played, Player } from './playing.ts';
import { sitePackages } from './pool.ts';
import { onRealHosts } from './suite.ts';

const top = resolve(import.meta.dirname, '../..');
const HOSTS = ['db', 'mq', 'mn1', 'mn2'];

/** What takes more than one trip by nature: these go on asking until something is as they wait for it. */
const BY_NATURE = ['ansible.builtin.uri', 'ansible.builtin.wait_for'];

onRealHosts("ZStack's site on four real hosts", () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-site-'));
  let lab: Lab;
  let player: Player;
  let pythons: readonly string[];
  let disturbed: readonly (readonly string[])[];
  let dry: Played;
  let real: Played;
  let again: Played;

  beforeAll(async () => {
    const { path } = await buildStandIn(folder);
    const hosts = HOSTS.map((name) => ({ name }));
    lab = await upLab({ name: `site-${process.pid}`.slice(0, 16), hosts, pool: sitePackages });
    player = new Player(lab);
    const words = ['-i', join(top, 'inventories/lab'), '-e', `zstack_package=${path}`];
    const play = (...more: string[]): Promise<Played> =>
      player.play([...words, join(top, 'playbooks/zstack/site.yml'), ...more]);
    pythons = await Promise.all(
      HOSTS.map(async (host) => (await lab.exec(host, 'command -v python3 || echo none')).stdout.trim()),
    );
    const before = await Promise.all(HOSTS.map((host) => lab.digest(host)));
    dry = await play('--check');
    const after = await Promise.all(HOSTS.map((host) => lab.digest(host)));
    disturbed = HOSTS.map((_, at) => compareDigests(before[at]!, after[at]!));
    real = await play();
    again = await play();
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('no host has Python before the site is played', () => {
    expect(pythons).toEqual(HOSTS.map(() => 'none'));
  });

  it('the dry run goes through to the end', () => {
    expect(dry.rc, dry.text).toBe(0);
  });

  it('the dry run changes nothing on the hosts', () => {
    expect(disturbed).toEqual(HOSTS.map(() => []));
  });

  it('the real run succeeds', () => {
    expect(real.rc, real.text).toBe(0);
  });

  it('the dry run foretold what the real run changed', () => {
    const { share, told } = agreement(dry, real);
    console.log(`foretold ${share.toFixed(3)} of ${told}`);
    expect(share, told).toBeGreaterThanOrEqual(0.97);
  });

  it('the second run changes nothing on any host', () => {
    expect(again.rc, again.text).toBe(0);
    expect([...changed(again.events)]).toEqual([]);
    expect(again.text.match(/\bchanged=\d+/g)).toEqual(HOSTS.map(() => 'changed=0'));
  });

  it('each task of the second run takes one round trip at most, but for those that wait', () => {
    const waiting = executions(again.events).filter(({ action }) => BY_NATURE.includes(action));
    expect([...new Set(waiting.map(({ action }) => action))].sort()).toEqual(BY_NATURE);
    const names = new Set(waiting.map(({ key }) => key));
    expect(busier(again.events, 1).filter((line) => !names.has(line.slice(0, line.lastIndexOf(':'))))).toEqual([]);
  });

  it('control tasks of the second run take none', async () => {
    const control = new Set<string>();
    for (const { action } of executions(again.events)) {
      const found = await registry.find(action);
      if (found !== undefined && isControl(found.module)) control.add(action);
    }
    expect([...control]).toEqual(expect.arrayContaining(['ansible.builtin.assert', 'ansible.builtin.set_fact']));
    const told = executions(again.events).filter(({ action }) => control.has(action));
    expect(told.filter(({ result }) => (result.trips ?? 0) > 0).map(({ key }) => key)).toEqual([]);
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
});
