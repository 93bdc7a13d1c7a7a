// `vault` and `unvault`: encryption with a secret that the template names.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { decryptVault, encryptVault, isVault } from '../python/vaultcipher.ts';
import { type Bound, type FilterTable, filter, flag, refuse, text } from './define.ts';

function secretOf(secret: Value): string {
  if (!isText(secret))
    throw new Fault('TypeError', `Secret passed is required to be a string, instead we got ${typeName(secret)}`);
  return str(secret);
}

function vault(input: Value, [secret, salt, vaultId, wrap]: Bound): Value {
  const password = secretOf(secret!);
  if (!isText(input)) throw new Fault('TypeError', `Can only vault strings, instead we got ${typeName(input)}`);
  if (flag(wrap)) refuse("the argument 'wrap_object' of the filter vault is not supported");
  const fixed = salt === undefined || salt === null ? undefined : str(salt);
  return encryptVault(str(input), password, fixed, text(vaultId, 'filter_default'));
}

function unvault(input: Value, [secret]: Bound): Value {
  const password = secretOf(secret!);
  if (!isText(input))
    throw new Fault('TypeError', `Vault should be in the form of a string, instead we got ${typeName(input)}`);
  const vaulted = str(input);
  if (!isVault(vaulted)) return vaulted;
  const plain = decryptVault(vaulted, password);
  if (plain === undefined)
    refuse('Unable to decrypt: Decryption failed (no vault secrets were found that could decrypt).');
  return new TextDecoder().decode(plain);
}

export const vaults: FilterTable = [
  filter('vault', ['secret', 'salt?', 'vault_id?', 'wrap_object?'], vault),
  filter('unvault', ['secret', 'vault_id?'], unvault),
];
