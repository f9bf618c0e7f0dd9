import { exitCodes, FlowError } from '../../errors.js';
import type { FunctionGateway, ObjectGateway, StepFunctionsGateway } from '../../ports/aws.js';

interface BucketSources {
  flag?: string;
  /** The target's own. */
  bucket?: string;
  /** `S3_BUCKET_NAME` of `.env` or the environment. */
  appBucket?: string;
  /** `S3_BUCKET_NAME` of the import function on AWS. */
  functionBucket(): Promise<string | undefined>;
  prefix?: string;
}

/**
 * The bucket for uploads: the flag, the target's, the app's, the import function's, else the framework's by its
 * prefix if it answers. The named ones are not asked for first: who may write to a bucket need not be allowed to
 * look at it.
 * @throws FlowError 3 that lists what was tried
 */
export async function findBucket(
  objects: Pick<ObjectGateway, 'bucketAnswers'>,
  known: BucketSources,
): Promise<string> {
  const named = known.flag ?? known.bucket ?? known.appBucket ?? (await known.functionBucket());
  if (named !== undefined) return named;
  const conventional = known.prefix === undefined ? undefined : `${known.prefix}ddb-attributes`;
  if (conventional !== undefined && (await objects.bucketAnswers(conventional))) return conventional;
  const tried = [
    '--bucket',
    "the target's bucket",
    'S3_BUCKET_NAME of .env and of the import function',
    ...(conventional === undefined ? [] : [conventional]),
  ];
  throw new FlowError(
    exitCodes.notFound,
    'BucketNotFound',
    `no bucket found for the upload; tried: ${tried.join(', ')}`,
    { hint: 'set it with --bucket, or as "bucket" of the target in mbc-flow.json' },
  );
}

/** The environment of the first Lambda function of a machine; empty also where it may not be read. */
export async function environmentOfFunction(
  gateways: {
    states: Pick<StepFunctionsGateway, 'describeStateMachine'>;
    functions: Pick<FunctionGateway, 'environment'>;
  },
  stateMachineArn: string,
): Promise<Record<string, string>> {
  try {
    const { definition } = await gateways.states.describeStateMachine(stateMachineArn);
    const name =
      /"FunctionName"\s*:\s*"([^"]+)"/.exec(definition)?.[1] ??
      /"Resource"\s*:\s*"(arn:[\w-]+:lambda:[^"]+)"/.exec(definition)?.[1];
    return name === undefined ? {} : await gateways.functions.environment(name);
  } catch (error) {
    const { exitCode } = error as FlowError;
    if (exitCode === exitCodes.denied || exitCode === exitCodes.notFound) return {};
    throw error;
  }
}
