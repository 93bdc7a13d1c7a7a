// What apt answered, as resources (so that the forecast can lay over it) and read back from them.

import {
  ABSENT,
  type Bring,
  type Change,
  type Observed,
  type Resource,
  type State,
} from '../../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../../engine/model/value.ts';
import type { ExecResult } from '../../../engine/module/contract.ts';
import { readSections, type Sections } from '../sections.ts';
import { knownOf, listOf, noteOf, textOf } from '../seen.ts';
import { bringsOf, type DebContents, MAY_BRING } from './brings.ts';
import { parseSimulation } from './simulation.ts';
import { compareVersions, parseSpec } from './specs.ts';

/** What the module looks at. */
export interface AptSeen {
  readonly there: boolean;
  /** Seconds since the epoch: of the last update of the lists, and now, by the host's clock. */
  readonly stamp: number;
  readonly now: number;
  /** Number of list files. */
  readonly lists: number;
  /** Fresh lists were fetched into a private folder for this answer. */
  readonly refreshed: boolean;
  /** An earlier unapplied task refreshes the lists. */
  readonly foretold: boolean;
  /** Names that an earlier unapplied task installs. */
  readonly foretoldNames: ReadonlySet<string>;
  readonly words: readonly string[];
  readonly simulation: string;
  readonly errors: string;
  readonly rc: number;
  readonly starts: boolean;
  readonly unmatched: readonly string[];
  /** A spec with >= that apt's version does not reach. */
  readonly tooOld: string | undefined;
  readonly deb: JsonObject | undefined;
  readonly debMissing: boolean;
  readonly fetchError: string;
}

/** Reads the answer to `aptQuestion`. */
export function readApt(answer: ExecResult): Observed {
  const sections = readSections(answer);
  const observed = new Map<Resource, State>();
  if (sections.has('none')) return observed.set('apt:', { there: false });
  const [stamp = '0', now = '0', lists = '0'] = sections.lines('stamp');
  observed.set('apt-lists:', { updated: Number(stamp), lists: Number(lists) });
  const names = sections.lines('names').map((line) => line.split('\t'));
  for (const [kind, , name, version, config] of names) {
    if (kind !== 'have') continue;
    observed.set(`package:${name}`, version ? { version } : ABSENT);
    if (!version && config) observed.set(`package-config:${name}`, { version: config });
  }
  const simulated = parseSimulation(sections.text('simulation'));
  for (const one of simulated) {
    if (!observed.has(`package:${one.name}`))
      observed.set(`package:${one.name}`, one.from === undefined ? ABSENT : { version: one.from });
  }
  return observed.set('apt:', {
    there: true,
    stamp: Number(stamp),
    now: Number(now),
    lists: Number(lists),
    refreshed: sections.has('refresh'),
    names: names.filter(([kind]) => kind === 'have').map(([, text = '', name = '']) => [text, name]),
    absent: names.filter(([kind, , , version]) => kind === 'have' && !version).map(([, , name = '']) => name),
    unmatched: names.filter(([kind]) => kind === 'unmatched').map(([, text = '']) => text),
    words: sections
      .word('words')
      .split(/\s+/)
      .filter((word) => word !== ''),
    simulation: sections.text('simulation'),
    errors: sections.text('errors'),
    rc: Number(sections.word('rc') || 0),
    starts: sections.word('policy') !== '101',
    deb: debOf(sections),
    debMissing: sections.lines('deb-file').includes('Missing'),
    fetch: sections.word('fetch'),
    contents: contentsOf(sections),
  });
}

function debOf(sections: Sections): Json {
  const fields = Object.fromEntries(
    sections.lines('deb-file').flatMap((line) => {
      const match = /^(\w+): (.*)$/.exec(line);
      return match === null ? [] : [[match[1]!.toLowerCase(), match[2]!]];
    }),
  );
  return fields['package'] === undefined ? null : fields;
}

/** What each .deb at hand holds, by package. */
function contentsOf(sections: Sections): JsonObject {
  const found: Record<string, Json> = {};
  const packages = sections.lines('deb');
  const debs = sections.names().filter((name) => name.startsWith('postinst '));
  debs.forEach((name, at) => {
    const file = name.slice('postinst '.length);
    found[packages[at] ?? file] = {
      postinst: sections.text(name),
      listing: sections.lines(`listing ${file}`),
      paths: sections.lines(`paths ${file}`),
    };
  });
  const contents: Record<string, Json> = {};
  for (const name of sections.names()) {
    const match = /^content (\S+) (.*)$/.exec(name);
    if (match !== null) contents[match[2]!] = { sha1: match[1]!, text: sections.text(name) };
  }
  return { debs: found, files: contents };
}

/** Reads back what `readApt` observed, with what the forecast laid over it. */
export function seenApt(seen: Observed): AptSeen {
  const note = noteOf(seen, 'apt:');
  const names = (note['names'] ?? []) as readonly (readonly [string, string])[];
  const simulation = textOf(note, 'simulation');
  return {
    there: note['there'] === true,
    stamp: Number(note['stamp'] ?? 0),
    now: Number(note['now'] ?? 0),
    lists: Number(note['lists'] ?? 0),
    refreshed: note['refreshed'] === true,
    foretold: knownOf(seen, 'apt-lists:')?.['refreshed'] === true,
    foretoldNames: new Set(listOf(note, 'absent').filter((name) => knownOf(seen, `package:${name}`) !== undefined)),
    words: listOf(note, 'words'),
    simulation,
    errors: textOf(note, 'errors'),
    rc: Number(note['rc'] ?? 0),
    starts: note['starts'] !== false,
    unmatched: listOf(note, 'unmatched'),
    tooOld: tooOld(names, simulation, seen),
    deb: note['deb'] === null ? undefined : (note['deb'] as JsonObject | undefined),
    debMissing: note['debMissing'] === true,
    fetchError: textOf(note, 'fetch'),
  };
}

/** The first spec with >= that neither what is there nor what would come reaches. */
function tooOld(names: readonly (readonly [string, string])[], simulation: string, seen: Observed): string | undefined {
  const coming = parseSimulation(simulation);
  return names
    .map(([text]) => text)
    .find((text) => {
      const spec = parseSpec(text);
      if (spec.operator !== '>=') return false;
      const there = knownOf(seen, `package:${spec.name}`)?.['version'];
      const to = coming.find((one) => one.name === spec.name)?.to ?? there;
      return typeof to === 'string' && compareVersions(to, spec.version!) < 0;
    });
}

/** The changes that apt-get would make, less those that are foretold already. */
export function changesOf(seen: Observed, apt: AptSeen, starts: boolean): Change[] {
  const note = noteOf(seen, 'apt:');
  const contents = (note['contents'] ?? {}) as {
    debs?: Record<string, JsonObject>;
    files?: Record<string, JsonObject>;
  };
  const changes: Change[] = [];
  for (const one of parseSimulation(apt.simulation)) {
    const of: Resource = `package:${one.name}`;
    const now = knownOf(seen, of);
    if (one.to === undefined) {
      if (now !== undefined) changes.push({ of, before: now, after: ABSENT });
      else if (one.from !== undefined && seen.has(`package-config:${one.name}`))
        changes.push({ of: `package-config:${one.name}`, before: { version: one.from }, after: ABSENT });
      continue;
    }
    if (now !== undefined && (now['version'] === one.to || one.from === undefined)) continue;
    const brings = one.from === undefined ? broughtBy(one.name, contents, starts) : [];
    changes.push({ of, before: now ?? ABSENT, after: { version: one.to }, ...(brings.length > 0 ? { brings } : {}) });
  }
  return changes;
}

function broughtBy(
  name: string,
  contents: { debs?: Record<string, JsonObject>; files?: Record<string, JsonObject> },
  starts: boolean,
): readonly Bring[] {
  const deb = contents.debs?.[name];
  if (deb === undefined) return MAY_BRING;
  const files = Object.entries(contents.files ?? {});
  const held: DebContents = {
    listing: listOf(deb, 'listing'),
    paths: listOf(deb, 'paths'),
    postinst: textOf(deb, 'postinst'),
    sysusers: files
      .filter(([path]) => path.startsWith('/usr/lib/sysusers.d/') && listed(deb, path))
      .map(([, file]) => textOf(file, 'text'))
      .join('\n'),
    contents: new Map(files.map(([path, file]) => [path, { text: textOf(file, 'text'), sha1: textOf(file, 'sha1') }])),
  };
  return bringsOf(held, starts);
}

function listed(deb: JsonObject, path: string): boolean {
  return listOf(deb, 'listing').some((line) => line.endsWith(` .${path}`));
}
