// The SSH key that user can make.

import { ABSENT, type Action, type Change, type JsonObject, type Upload } from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { sourceOf } from '../../../engine/module/source.ts';
import { textOf } from '../seen.ts';
import type { UserArgs } from './schema.ts';

/** Where the key goes: relative to the home. */
export function keyFile(args: UserArgs): string {
  return args.ssh_key_file ?? `.ssh/id_${args.ssh_key_type}`;
}

/** Makes the key at `path` and prints fingerprint and public key; the passphrase comes as a scratch file, never as a word. */
export function makeKey(
  args: UserArgs,
  path: string,
  hostname: string,
): { script: Script; scratch: readonly Upload[] } {
  const comment = args.ssh_key_comment ?? `ansible-generated on ${hostname}`;
  const words = [
    ...(args.ssh_key_bits === undefined ? [] : ['-b', args.ssh_key_bits]),
    ...['-q', '-t', args.ssh_key_type, '-C', comment, '-f', path],
  ];
  const secret = args.ssh_key_passphrase ?? '';
  const script = lines(
    sh`key=${path}; folder=$(dirname "$key")`,
    sh`entry=$(awk -F: -v u=${args.name} '$1 == u {print $3 ":" $4}' /etc/passwd)`,
    sh`[ -d "$folder" ] || { mkdir -p -m 0700 "$folder" && chown "$entry" "$folder"; } || exit`,
    args.force && sh`rm -f "$key" "$key.pub"`,
    secret === ''
      ? sh`ssh-keygen ${words} -N '' </dev/null || exit`
      : sh`chmod 0700 "$SCRATCH/ask"; SSH_ASKPASS="$SCRATCH/ask" SSH_ASKPASS_REQUIRE=force DISPLAY=: ssh-keygen ${words} </dev/null || exit`,
    sh`chown "$entry" "$key" "$key.pub" || exit`,
    sh`printf '\036key\n'; ssh-keygen -l -f "$key"; cat "$key.pub"`,
  );
  if (secret === '') return { script, scratch: [] };
  return {
    script,
    scratch: [
      { name: 'ask', bytes: sourceOf('#!/bin/sh\ncat "$(dirname "$0")/passphrase"\n') },
      { name: 'passphrase', bytes: sourceOf(`${secret}\n`) },
    ],
  };
}

/** The absolute path of the key. */
export function keyPath(args: UserArgs, home: string): string {
  const file = keyFile(args);
  return file.startsWith('/') ? file : `${home}/${file}`;
}

/** What is registered of a key, from its fingerprint and its public half. */
export function keyData(told: readonly string[], path: string): JsonObject {
  if (told.length === 0) return {};
  return { ssh_fingerprint: told[0]!, ssh_key_file: path, ssh_public_key: told[1] ?? '' };
}

/** What has to be done for the key of a user that is there. */
export function sshKey(
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
  return {
    action: { changes: [change], step: { run: script, scratch, failure: 'ssh-keygen failed' } },
    data: { ssh_fingerprint: '', ssh_key_file: path, ssh_public_key: null },
  };
}
