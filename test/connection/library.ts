// A library as a module would hand it over.

import type { Library } from '../../engine/connection/contract.ts';
import { raw, sh } from '../../engine/module/sh.ts';

export function library(name: string, text: string): Library {
  return { name, text: sh`${raw(text)}` };
}
