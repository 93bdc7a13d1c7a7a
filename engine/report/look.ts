// What settings choose about the human report: one record, so that the report itself reads no settings.

import { jsonText } from '../model/json-text.ts';
import type { JsonObject } from '../model/value.ts';
import { DEFAULT_COLOURS, type Palette } from './paint.ts';

export interface Look {
  readonly verbosity: number;
  readonly displaySkippedHosts: boolean;
  readonly displayOkHosts: boolean;
  readonly displayFailedStderr: boolean;
  readonly showTaskPathOnFailure: boolean;
  readonly checkModeMarkers: boolean;
  readonly showPerHostStart: boolean;
  readonly showCustomStats: boolean;
  readonly displayArgsToStdout: boolean;
  readonly resultFormat: 'json' | 'yaml';
  /** undefined: as the verbosity has it. */
  readonly formatPretty: boolean | undefined;
  /** Writes a result as YAML, for `resultFormat: 'yaml'`; no newline at its end. */
  readonly yaml: (value: JsonObject) => string;
  readonly diffContext: number;
  readonly deprecationWarnings: boolean;
  /** Warnings that come with results are shown. */
  readonly actionWarnings: boolean;
  readonly palette: Palette;
}

export const DEFAULT_LOOK: Look = {
  verbosity: 0,
  displaySkippedHosts: true,
  displayOkHosts: true,
  displayFailedStderr: false,
  showTaskPathOnFailure: false,
  checkModeMarkers: false,
  showPerHostStart: false,
  showCustomStats: false,
  displayArgsToStdout: false,
  resultFormat: 'json',
  formatPretty: undefined,
  yaml: (value) => jsonText(value, { sortKeys: true, indent: 4 }),
  diffContext: 3,
  deprecationWarnings: true,
  actionWarnings: true,
  palette: DEFAULT_COLOURS,
};
