// The vault: what was encrypted by ansible-vault is opened by the secrets that the user named, each tried in turn.

import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import { decryptVault, isVault } from '../template/python/vaultcipher.ts';

export interface VaultSecret {
  /** The label of a vault id: `prod` of `--vault-id prod@file`. */
  readonly id: string;
  readonly password: string;
}

/** Mirrors how ansible-core picks secrets: those whose id is the vault's own first, then all others in their order. */
export class Vault {
  readonly #secrets: readonly VaultSecret[];
  readonly #matchIds: boolean;

  /** @param matchIds only secrets with the vault's own id are tried (setting vault_id_match) */
  constructor(secrets: readonly VaultSecret[], matchIds = false) {
    this.#secrets = secrets;
    this.#matchIds = matchIds;
  }

  /** The bytes in vaulted text. Throws PlaybookError that names the place when no secret opens it. */
  bytes(text: string, position: Position): Uint8Array {
    const header = /^\$ANSIBLE_VAULT;(1\.1|1\.2);AES256(?:;(\S+))?\s*$/.exec(text.trimStart().split('\n', 1)[0]!);
    if (header === null)
      throw new PlaybookError('input is not vault encrypted data', {
        position,
        hint: 'A vault begins with $ANSIBLE_VAULT;1.1;AES256 or $ANSIBLE_VAULT;1.2;AES256;LABEL.',
      });
    if (this.#secrets.length === 0)
      throw new PlaybookError('Attempting to decrypt but no vault secrets found.', {
        position,
        hint: 'Name them by --vault-id, --vault-password-file or --ask-vault-pass.',
      });
    const label = header[2];
    for (const { password } of this.#candidates(label)) {
      const plain = decryptVault(text, password);
      if (plain !== undefined) return plain;
    }
    throw new PlaybookError('Decryption failed (no vault secrets were found that could decrypt).', {
      position,
      hint: `The vault is labelled '${label ?? 'default'}'; secrets were given for: ${this.#secrets.map(({ id }) => id).join(', ')}.`,
    });
  }

  /** The text in vaulted text. Throws as `bytes` does. */
  text(text: string, position: Position): string {
    return new TextDecoder().decode(this.bytes(text, position));
  }

  /** A file's bytes, opened if they are a vault. Throws as `bytes` does. */
  opened(bytes: Uint8Array, file: string): Uint8Array {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 16));
    if (!isVault(head)) return bytes;
    return this.bytes(new TextDecoder().decode(bytes), { file, line: 1, column: 1 });
  }

  #candidates(label: string | undefined): readonly VaultSecret[] {
    const own = this.#secrets.filter(({ id }) => id === (label ?? 'default'));
    return this.#matchIds && label !== undefined
      ? own
      : [...own, ...this.#secrets.filter((each) => !own.includes(each))];
  }
}
