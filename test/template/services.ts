// What templates are handed where no run is around them: no hosts, no settings, no network, no secrets.

import { TemplateError } from '../../engine/model/errors.ts';
import type { LookupServices } from '../../engine/template/contract.ts';

const noSecret = (): never => {
  throw new TemplateError('no secret');
};

export const NO_SERVICES: LookupServices = {
  matchHosts: () => [],
  setting: () => undefined,
  stored: () => undefined,
  fetch: () => ({ status: -1, reason: 'no network', body: '' }),
  knowsModule: () => false,
  unvault: noSecret,
  reveal: noSecret,
};
