// Settings and options as the record that the human report takes.

import { UsageError } from '../model/errors.ts';
import type { Look } from '../report/look.ts';
import { resultYaml } from './result-yaml.ts';
import type { SettingValues } from './setting-table.ts';

/** Throws UsageError for a value of callback_format_pretty that means nothing. */
export function lookOf(values: SettingValues, verbosity: number): Look {
  return {
    verbosity,
    displaySkippedHosts: values.displaySkippedHosts,
    displayOkHosts: values.displayOkHosts,
    displayFailedStderr: values.displayFailedStderr,
    showTaskPathOnFailure: values.showTaskPathOnFailure,
    checkModeMarkers: values.checkModeMarkers,
    showPerHostStart: values.showPerHostStart,
    showCustomStats: values.showCustomStats,
    displayArgsToStdout: values.displayArgsToStdout,
    resultFormat: values.callbackResultFormat === 'yaml' || isYamlCallback(values.stdoutCallback) ? 'yaml' : 'json',
    yaml: (value) =>
      resultYaml(value, prettyOf(values.callbackFormatPretty) === false || values.callbackFormatPretty === 'lossy'),
    formatPretty: prettyOf(values.callbackFormatPretty),
    diffContext: values.diffContext,
    deprecationWarnings: values.deprecationWarnings,
    actionWarnings: values.actionWarnings,
    palette: {
      ok: values.colourOk,
      changed: values.colourChanged,
      skip: values.colourSkip,
      error: values.colourError,
      unreachable: values.colourUnreachable,
      verbose: values.colourVerbose,
      warn: values.colourWarn,
      deprecate: values.colourDeprecate,
      debug: values.colourDebug,
      highlight: values.colourHighlight,
      diff_add: values.colourDiffAdd,
      diff_remove: values.colourDiffRemove,
      diff_lines: values.colourDiffLines,
    },
  };
}

function prettyOf(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(?:y|yes|on|1|true|t|lossy)$/i.test(text)) return true;
  if (/^(?:n|no|off|0|false|f)$/i.test(text)) return false;
  throw new UsageError(`callback_format_pretty: '${text}' is none of true, false, lossy`);
}

export type StdoutCallback = 'default' | 'json';

/** The report that stdout_callback names. Throws UsageError (1) for those that this version does not have. */
export function stdoutCallback(name: string): StdoutCallback {
  const short = name.replace(/^ansible\.(?:builtin|posix|legacy)\./, '');
  if (short === 'default' || isYamlCallback(name)) return 'default';
  if (short === 'json') return 'json';
  throw new UsageError(`Could not load '${name}' callback plugin.`, {
    exitCode: 1,
    hint: 'stdout_callback is one of: default, yaml, json.',
  });
}

function isYamlCallback(name: string): boolean {
  return name === 'yaml' || name === 'community.general.yaml';
}
