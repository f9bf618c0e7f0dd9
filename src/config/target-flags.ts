/** The global flags that choose a target, and what stands in for them. */
export interface TargetFlags {
  target?: string;
  local?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
}

/** What was typed to reach a target, to be typed again: '' or ' --target prod'. */
export function flagsAsTyped({ target, local, profile, region, endpointUrl }: TargetFlags): string {
  const words = [
    local && '--local',
    target && `--target ${target}`,
    profile && `--profile ${profile}`,
    region && `--region ${region}`,
    // A password is not repeated, not even where it is refused.
    endpointUrl && !endpointUrl.includes('@') && `--endpoint-url ${endpointUrl}`,
  ].filter(Boolean);
  return words.map((word) => ` ${word}`).join('');
}
