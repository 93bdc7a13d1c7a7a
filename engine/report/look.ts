// What settings choose about the human report: one record, so that the report itself reads no settings.

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
  /** callback_format_pretty = lossy. */
  readonly lossy: boolean;
  readonly diffContext: number;
  readonly deprecationWarnings: boolean;
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
  lossy: false,
  diffContext: 3,
  deprecationWarnings: true,
  palette: DEFAULT_COLOURS,
};
