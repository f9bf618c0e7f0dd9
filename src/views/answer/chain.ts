import type { VersionDone } from '../../operations/answer/resume-chain.js';

/** What became of a version of a chain. */
export function versionLine({ version, status, answered, error }: VersionDone): string {
  const how = answered || status === 'ABORTED' ? '' : ' (woken by the version before)';
  return `v${version}  ${status}${how}${error === undefined ? '' : `: ${error}`}`;
}
