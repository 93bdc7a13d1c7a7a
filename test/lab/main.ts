// The lab's command line: `make lab ARGS="up --hosts db,mq"`.

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { LabError } from './command.ts';
import { compareDigests } from './digest.ts';
import type { Fault } from './faults.ts';
import { clearAbandoned, type HostWish, type LabRunOptions, openLab, prepare, upLab } from './lab.ts';
import { layerNames } from './layers.ts';
import { labFolder } from './paths.ts';
import { sitePackages } from './pool.ts';
import { labNames } from './state.ts';

const faults: readonly Fault['kind'][] = ['cut', 'heal', 'kill', 'start', 'pause', 'resume', 'delay', 'full'];
const tell = (line: string): void => console.error(`lab: ${line}`);

const program = new Command('lab')
  .description(
    `Real Linux hosts on one machine, without containers and without a network: overlay file systems, systemd-nspawn and network
namespaces. Needs root on Linux. State and cache: ${labFolder} (TROUPE_LAB_DIR).`,
  )
  .option('--name <name>', 'which lab', process.env['TROUPE_LAB'] ?? 'default')
  .enablePositionalOptions()
  .showHelpAfterError();

const nameOf = (): string => program.opts<{ name: string }>().name;
const own: LabRunOptions = { stream: true, tolerate: true };

program
  .command('up')
  .description('bring up hosts; what is missing on this machine is installed and built first')
  .option('--hosts <list>', `NAME or NAME:LAYER, by commas; layers: ${layerNames.join(', ')}`, 'db,mq,mn1,mn2')
  .option('--disk <size>', 'disk of each host, in memory (3g, 150m), or `folder`', '3g')
  .option('--pool <list>', '`site` (what a ZStack site installs), or package names by commas, or `none`', 'site')
  .action(async ({ hosts, disk, pool }: { hosts: string; disk: string; pool: string }) => {
    const started = Date.now();
    const packages = pool === 'site' ? sitePackages : pool === 'none' ? [] : pool.split(',');
    const wishes = hosts.split(',').map((word): HostWish => {
      const [name = '', layer] = word.split(':');
      return { name, disk, ...(layer === undefined ? {} : { layer }) };
    });
    const lab = await upLab({ name: nameOf(), hosts: wishes, pool: packages, keep: true, tell });
    console.log(`${wishes.length} hosts up in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    console.log(`inventory: ${lab.inventory()}`);
  });

program
  .command('inventory')
  .description('print an INI inventory of the hosts')
  .action(() => void process.stdout.write(openLab(nameOf()).inventoryText()));

program
  .command('run')
  .description("run a program inside the lab's network")
  .argument('<command...>')
  .passThroughOptions()
  .action(async (command: string[]) => {
    process.exitCode = (await openLab(nameOf()).run(command, own)).rc;
  });

program
  .command('exec')
  .description('run a shell command on a host, over ssh')
  .argument('<host>')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (host: string, command: string[]) => {
    process.exitCode = (await openLab(nameOf()).exec(host, command.join(' '), own)).rc;
  });

program
  .command('enter')
  .description('run a shell command on a host without the network (also when its link is cut)')
  .argument('<host>')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (host: string, command: string[]) => {
    const { out, err } = { out: process.stdout, err: process.stderr };
    process.exitCode = (
      await openLab(nameOf()).enter(host, command.join(' '), { tolerate: true, echo: { out, err } })
    ).rc;
  });

program
  .command('fault')
  .description(`let something go wrong, or right again: ${faults.join(', ')}`)
  .argument('<host>')
  .argument('<fault>', 'heal undoes all but kill; delay takes milliseconds, full takes KiB left')
  .argument('[amount]')
  .action(async (host: string, kind: string, amount?: string) => {
    const fault = faults.find((known) => known === kind);
    if (fault === undefined) throw new LabError(`there is no fault ${kind}; there are ${faults.join(', ')}`);
    await openLab(nameOf()).fault(host, fault, amount === undefined ? undefined : Number(amount));
  });

program
  .command('reset')
  .description('fresh file systems, booted again (default: all hosts)')
  .argument('[hosts...]')
  .action((hosts: string[]) => openLab(nameOf()).reset(...hosts));

program
  .command('digest')
  .description("list a host's file system (path, kind, mode, owner, content, extended attributes)")
  .argument('<host>')
  .option('--against <file>', 'print only what differs from an earlier digest; exit 1 when something does')
  .action(async (host: string, { against }: { against?: string }) => {
    const now = await openLab(nameOf()).digest(host);
    if (against === undefined) {
      process.stdout.write(now);
      return;
    }
    const differences = compareDigests(readFileSync(against, 'utf8'), now);
    for (const line of differences) console.log(line);
    process.exitCode = differences.length === 0 ? 0 : 1;
  });

program
  .command('status')
  .description('the hosts of the lab')
  .action(() => {
    for (const { name, address, layer, init, isUp } of openLab(nameOf()).hosts()) {
      console.log(
        `${name.padEnd(12)} ${address.padEnd(13)} ${layer.padEnd(8)} ${init.padEnd(8)} ${isUp ? 'up' : 'down'}`,
      );
    }
  });

program
  .command('down')
  .description('take the lab down and remove all that was made for it')
  .action(() => openLab(nameOf()).down());

program
  .command('list')
  .description('all labs on this machine')
  .action(() => {
    for (const name of labNames()) {
      const hosts = openLab(name).hosts();
      console.log(`${name}: ${hosts.map(({ name: host, isUp }) => `${host}${isUp ? '' : ' (down)'}`).join(' ')}`);
    }
  });

program
  .command('clean')
  .description('clear what killed runs left behind')
  .action(() => clearAbandoned(tell));

program
  .command('prepare')
  .description('build layers and fill the offline package pool ahead of time')
  .option('--layers <list>', `by commas: ${layerNames.join(', ')}`, 'plain')
  .argument('[packages...]', 'default: what a ZStack site installs')
  .action((packages: string[], { layers }: { layers: string }) =>
    prepare(layers.split(','), packages.length === 0 ? sitePackages : packages, tell),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`lab: ${error.message}`);
  process.exitCode = 1;
}
