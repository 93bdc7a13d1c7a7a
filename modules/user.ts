// user: accounts of the host. Compares what the account database has with what is asked for, and changes the difference.

import type { Bring } from '../engine/model/resource.ts';
import {
  ABSENT,
  type Action,
  type Change,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
} from '../engine/module/contract.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import { createUser, makeHome, modifyUser, removeUser, type Tools, type Wanted } from './shared/accounts/edits.ts';
import { accountScript, hasTool, readAccounts } from './shared/accounts/inquiry.ts';
import { looksUnhashed, UNHASHED_WARNING } from './shared/accounts/password.ts';
import { FOREIGN, type UserArgs, userSchema } from './shared/accounts/schema.ts';
import { bringHome } from './shared/accounts/skeleton.ts';
import { keyFile, makeKey } from './shared/accounts/ssh_key.ts';
import { decode, readSections } from './shared/sections.ts';
import { isAbsent, isUnknown, listOf, noteOf, stateOf, textOf } from './shared/seen.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Makes, changes and removes users.',
    notes: [
      'Works with useradd and its kin, and by editing the account files on hosts that lack them (busybox).',
      'A password hash never stands in a command line.',
    ],
    examples: `
- name: The user that the service runs as
  user:
    name: app
    system: true
    home: /srv/app
    shell: /usr/sbin/nologin
- name: An operator
  user:
    name: ann
    groups: [adm, users]
    append: true
    comment: Ann Smith
- name: Gone with everything
  user:
    name: bob
    state: absent
    remove: true
`,
    returns: {
      name: 'The user.',
      uid: 'Number.',
      group: 'Number of the primary group.',
      groups: 'Groups as asked for, with commas.',
      home: 'Home folder.',
      shell: 'Login shell.',
      comment: 'Full name.',
      state: 'As asked for.',
      ssh_fingerprint: 'Of the key.',
      ssh_key_file: 'Where the key is.',
      ssh_public_key: 'The public key.',
    },
  },
  schema: userSchema,
  inspect(args) {
    if (args.skeleton !== undefined && !args.create_home) {
      throw new ModuleFailure("parameters are required together: create_home, skeleton: 'skeleton' needs create_home");
    }
    return {
      kind: 'question',
      script: accountScript(args.name, asked(args), {
        local: args.local,
        home: args.home,
        key: args.generate_ssh_key ? keyFile(args) : undefined,
        skeleton: args.create_home && args.state === 'present' ? { folder: args.skeleton } : undefined,
      }),
      read: (answer) => readAccounts(args.name, asked(args), answer),
    };
  },
  plan(args, seen) {
    const tools: Tools =
      args.local && hasTool(seen, 'luseradd') ? 'local' : hasTool(seen, 'useradd') ? 'shadow' : 'files';
    const plan = args.state === 'absent' ? removal(args, seen, tools) : presence(args, seen, tools);
    const warnings = [
      ...(args.password !== undefined && looksUnhashed(args.password) ? [UNHASHED_WARNING] : []),
      ...FOREIGN.filter((name) => args[name] !== undefined).map((name) => `${name} means nothing on this system.`),
      ...(plan.warnings ?? []),
    ];
    return warnings.length === 0 ? plan : { ...plan, warnings };
  },
});

/** Groups that the task names. */
function asked(args: UserArgs): string[] {
  return [...(args.group === undefined ? [] : [args.group]), ...supplementary(args)];
}

function supplementary(args: UserArgs): string[] {
  return (args.groups ?? []).map((name) => name.trim()).filter((name) => name !== '');
}

function removal(args: UserArgs, seen: Observed, tools: Tools): Plan {
  const now = stateOf(seen, `user:${args.name}`);
  const told = { name: args.name, state: 'absent' };
  if (isAbsent(now)) return { kind: 'plan', actions: [], data: told };
  const before = isUnknown(now) ? {} : now;
  const home = textOf(before, 'home');
  const changes: Change[] = [{ of: `user:${args.name}`, before, after: ABSENT }];
  if (textOf(before, 'group') === args.name) {
    changes.push({ of: `group:${args.name}`, before: { gid: before['gid'] ?? null }, after: ABSENT });
  }
  if (args.remove && home !== '') changes.push({ of: `file:${home}`, before: { type: 'directory' }, after: ABSENT });
  return {
    kind: 'plan',
    actions: [
      { changes, step: { run: removeUser(args, tools, home), failure: `user ${args.name} cannot be removed` } },
    ],
    conclude(outputs) {
      const said = { stdout: decode(outputs[0]!.stdout), stderr: decode(outputs[0]!.stderr) };
      return { ...told, force: args.force, remove: args.remove, ...(said.stderr || said.stdout ? said : {}) };
    },
  };
}

function presence(args: UserArgs, seen: Observed, tools: Tools): Plan {
  for (const group of asked(args)) {
    if (isAbsent(stateOf(seen, `group:${group}`))) throw new ModuleFailure(`Group ${group} does not exist`);
  }
  const now = stateOf(seen, `user:${args.name}`);
  return isAbsent(now) ? creation(args, seen, tools) : existing(args, seen, tools, isUnknown(now) ? {} : now);
}

/** Days since the epoch, as /etc/shadow counts. */
function daysOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds < 0 ? -1 : Math.floor(seconds / 86_400);
}

function agesOf(args: UserArgs, note: JsonObject | undefined): string[] {
  const words: string[] = [];
  const set = (flag: string, value: number | undefined, field: string): void => {
    if (value !== undefined && (note === undefined || textOf(note, field) !== String(value)))
      words.push(flag, String(value));
  };
  set('-m', args.password_expire_min, 'min');
  set('-M', args.password_expire_max, 'max');
  set('-W', args.password_expire_warn, 'warn');
  return words;
}

function creation(args: UserArgs, seen: Observed, tools: Tools): Plan {
  const note = noteOf(seen, `account:${args.name}`);
  const defaults = (note['defaults'] ?? {}) as JsonObject;
  const ownGroup = !isAbsent(stateOf(seen, `group:${args.name}`));
  const hash = args.password === undefined ? undefined : args.password_lock ? `!${args.password}` : args.password;
  const wanted: Wanted = {
    uid: args.uid,
    groups: supplementary(args),
    expires: daysOf(args.expires),
    inactive: args.password_expire_account_disable,
    ages: agesOf(args, undefined),
    password: hash !== undefined,
    lock: hash === undefined ? args.password_lock : undefined,
  };
  const home = args.home ?? `${textOf(defaults, 'HOME') || '/home'}/${args.name}`;
  const after = {
    home,
    shell: args.shell ?? (textOf(defaults, 'SHELL') || '/bin/sh'),
    comment: args.comment ?? '',
    groups: supplementary(args),
    system: args.system,
    ...(args.uid === undefined ? {} : { uid: args.uid }),
    ...(args.group === undefined ? {} : { group: args.group }),
  };
  const brings: Bring[] = [];
  if (args.group === undefined && !ownGroup) {
    brings.push({
      of: `group:${args.name}`,
      as: { members: [], ...(args.uid === undefined ? {} : { gid: args.uid }) },
      sure: true,
    });
  }
  if (args.create_home) {
    const skeleton = note['homeThere'] === true ? {} : (note['skeleton'] as JsonObject);
    brings.push(...bringHome(home, skeleton, { owner: args.name, group: args.group ?? args.name }));
  }
  const key = args.generate_ssh_key ? makeKey(args, keyPath(args, home), textOf(note, 'hostname')) : undefined;
  const action: Action = {
    changes: [{ of: `user:${args.name}`, before: ABSENT, after, ...(brings.length > 0 ? { brings } : {}) }],
    step: {
      run: lines(createUser(args, wanted, tools, ownGroup), key?.script),
      ...(hash === undefined ? {} : { stdin: sourceOf(hash) }),
      ...(key === undefined ? {} : { scratch: key.scratch }),
      failure: `user ${args.name} cannot be made`,
    },
  };
  return {
    kind: 'plan',
    actions: [action],
    conclude: (outputs) => {
      const sections = readSections(outputs[0]!);
      return {
        ...describe(args, sections.word('passwd')),
        create_home: args.create_home,
        system: args.system,
        ...keyData(sections.lines('key'), keyPath(args, home)),
      };
    },
  };
}

function keyPath(args: UserArgs, home: string): string {
  const file = keyFile(args);
  return file.startsWith('/') ? file : `${home}/${file}`;
}

function keyData(told: readonly string[], path: string): JsonObject {
  if (told.length === 0) return {};
  return { ssh_fingerprint: told[0]!, ssh_key_file: path, ssh_public_key: told[1] ?? '' };
}

/** The keys of a result, from a line of /etc/passwd. */
function describe(args: UserArgs, line: string): JsonObject {
  const [, , uid, gid, comment, home, shell] = line.split(':');
  return {
    name: args.name,
    state: 'present',
    ...(uid === undefined
      ? {}
      : { uid: Number(uid), group: Number(gid), comment: comment!, home: home!, shell: shell! }),
    ...(supplementary(args).length > 0 || args.groups !== undefined ? { groups: supplementary(args).join(',') } : {}),
    ...(args.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
  };
}

function existing(args: UserArgs, seen: Observed, tools: Tools, now: JsonObject): Plan {
  const note = noteOf(seen, `account:${args.name}`);
  const { wanted, after } = difference(args, seen, now, note);
  const line = passwdLine(args, now);
  const told = { ...describe(args, line), append: args.append, move_home: args.move_home };
  const actions: Action[] = [];
  if (Object.keys(after).length > 0) {
    actions.push({
      changes: [{ of: `user:${args.name}`, before: now, after }],
      step: {
        run: modifyUser(args, wanted, tools),
        ...(wanted.password ? { stdin: sourceOf(hashToSet(args, note)) } : {}),
        failure: `user ${args.name} cannot be changed`,
      },
    });
  }
  const home = args.home ?? textOf(now, 'home');
  const moves = wanted.home !== undefined && wanted.move === true;
  if (args.create_home && note['homeThere'] === false && home !== '' && !moves && !foretold(now)) {
    actions.push(missingHome(args, home));
  }
  const key = sshKey(args, note, home);
  if (key.action !== undefined) actions.push(key.action);
  return {
    kind: 'plan',
    actions,
    data: { ...told, ...key.data },
    ...(key.warning === undefined ? {} : { warnings: [key.warning] }),
    conclude: (outputs) => {
      const parts = outputs.map(readSections);
      const passwd = parts.find((part) => part.has('passwd'))?.word('passwd');
      const made = parts.find((part) => part.has('key'));
      return {
        ...told,
        ...(passwd ? describe(args, passwd) : {}),
        ...key.data,
        ...(made === undefined ? {} : keyData(made.lines('key'), keyPath(args, home))),
      };
    },
  };
}

/** A user that an unapplied task makes has no number yet: its home comes with it. */
function foretold(now: JsonObject): boolean {
  return now['uid'] === undefined;
}

function passwdLine(args: UserArgs, now: JsonObject): string {
  if (now['uid'] === undefined) return '';
  return [
    args.name,
    'x',
    now['uid'],
    now['gid'],
    textOf(now, 'comment'),
    textOf(now, 'home'),
    textOf(now, 'shell'),
  ].join(':');
}

/** What differs. Fields that the observed state lacks (a foreseen user) are taken to be as wanted. */
function difference(
  args: UserArgs,
  seen: Observed,
  now: JsonObject,
  note: JsonObject,
): { wanted: Wanted; after: JsonObject } {
  const wanted: Record<string, unknown> = {};
  const after: Record<string, string | number | boolean | readonly string[]> = {};
  const set = (field: 'uid' | 'comment' | 'shell' | 'home', value: string | number | undefined): void => {
    if (value === undefined || now[field] === undefined || now[field] === value) return;
    wanted[field] = value;
    after[field] = value;
  };
  set('uid', args.uid);
  set('comment', args.comment);
  set('shell', args.shell);
  set('home', args.home);
  if (wanted['home'] !== undefined && args.move_home) wanted['move'] = true;
  if (args.group !== undefined && now['gid'] !== undefined) {
    const gid = noteOf(seen, `group:${args.group}`)['gid'];
    if (gid !== now['gid'] && textOf(now, 'group') !== args.group) {
      wanted['group'] = args.group;
      after['group'] = args.group;
    }
  }
  const groups = groupsToSet(args, now);
  if (groups !== undefined) {
    wanted['groups'] = groups;
    wanted['append'] = args.append;
    after['groups'] = args.append ? [...new Set([...listOf(now, 'groups'), ...groups])] : groups;
  }
  const known = 'hash' in note && !foretold(now);
  const expires = daysOf(args.expires);
  if (expires !== undefined && known && textOf(note, 'expires') !== (expires < 0 ? '' : String(expires))) {
    wanted['expires'] = expires;
    after['expires'] = expires;
  }
  const ages = known ? agesOf(args, note) : [];
  if (ages.length > 0) {
    wanted['ages'] = ages;
    after['ages'] = ages;
  }
  const inactive = args.password_expire_account_disable;
  if (inactive !== undefined && known && textOf(note, 'inactive') !== String(inactive)) {
    wanted['inactive'] = inactive;
    after['inactive'] = inactive;
  }
  const hash = textOf(note, 'hash');
  const newPassword =
    known &&
    args.password !== undefined &&
    args.update_password === 'always' &&
    args.password.replace(/^!/, '') !== hash.replace(/^!/, '');
  if (newPassword) {
    wanted['password'] = true;
    after['password'] = 'set';
  } else if (known && args.password_lock !== undefined && args.password_lock !== hash.startsWith('!')) {
    wanted['lock'] = args.password_lock;
    after['locked'] = args.password_lock;
  }
  return { wanted: wanted as Wanted, after };
}

function hashToSet(args: UserArgs, note: JsonObject): string {
  const bare = args.password!.replace(/^!/, '');
  const locked = args.password_lock ?? (textOf(note, 'hash').startsWith('!') && args.password!.startsWith('!'));
  return locked ? `!${bare}` : args.password!;
}

function groupsToSet(args: UserArgs, now: JsonObject): readonly string[] | undefined {
  if (args.groups === undefined || now['groups'] === undefined) return undefined;
  const have = listOf(now, 'groups');
  const primary = textOf(now, 'group');
  const want = supplementary(args).filter((name) => name !== primary);
  if (args.append) return want.every((name) => have.includes(name)) ? undefined : supplementary(args);
  const same = want.length === have.length && want.every((name) => have.includes(name));
  return same ? undefined : supplementary(args);
}

function missingHome(args: UserArgs, home: string): Action {
  const state = { type: 'directory', owner: args.name };
  return {
    changes: [{ of: `file:${home}`, before: ABSENT, after: state }],
    step: {
      run: lines(sh`home=${home}; uid=$(id -u ${args.name}); gid=$(id -g ${args.name})`, makeHome(args)),
      failure: `the home of ${args.name} cannot be made`,
    },
  };
}

function sshKey(
  args: UserArgs,
  note: JsonObject,
  home: string,
): { action?: Action; data: JsonObject; warning?: string } {
  if (!args.generate_ssh_key) return { data: {} };
  const path = keyPath(args, home);
  const key = (note['key'] ?? {}) as JsonObject;
  if (key['there'] === true && !args.force) {
    return {
      data: keyData([textOf(key, 'fingerprint'), textOf(key, 'public')], path),
      warning: `Found existing ssh key private file "${path}", no force, so skipping ssh-keygen generation`,
    };
  }
  const { script, scratch } = makeKey(args, path, textOf(note, 'hostname'));
  const change: Change = {
    of: `file:${path}`,
    before: key['there'] === true ? { type: 'file' } : ABSENT,
    after: { type: 'file', mode: '0600', owner: args.name },
  };
  return { action: { changes: [change], step: { run: script, scratch, failure: 'ssh-keygen failed' } }, data: {} };
}
