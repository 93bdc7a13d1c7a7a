// File names that match patterns. The library is loaded with the first pattern: most runs have none.

import { createRequire } from 'node:module';
import type fastGlob from 'fast-glob';

const require = createRequire(import.meta.url);

/** The files that match, as fast-glob finds them. */
export const globSync: typeof fastGlob.sync = ((patterns: string, options?: fastGlob.Options) =>
  (require('fast-glob') as typeof fastGlob).sync(patterns, options)) as typeof fastGlob.sync;
