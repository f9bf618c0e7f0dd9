import { SFNClient } from '@aws-sdk/client-sfn';
import { exitCodes, FlowError } from '../errors.js';

/**
 * The region that the AWS SDK finds: AWS_REGION, else the profile's own, else AWS_DEFAULT_REGION.
 * @throws FlowError 2 when there is none
 */
export async function sdkRegion(profile: string | undefined): Promise<string> {
  try {
    return await new SFNClient({ ...(profile !== undefined && { profile }) }).config.region();
  } catch (error) {
    const fallback = process.env.AWS_DEFAULT_REGION;
    if (fallback) return fallback;
    throw new FlowError(exitCodes.usage, 'NoRegion', 'no AWS region is configured', {
      where: profile === undefined ? undefined : `profile ${profile}`,
      hint: 'use --region ap-northeast-1, or set "region" of the target in mbc-flow.json',
      cause: error,
    });
  }
}
