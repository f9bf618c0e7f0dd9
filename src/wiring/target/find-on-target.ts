import { once } from '../../aws/once.js';
import type { Target } from '../../cli/shell/target.js';
import type { TargetSettings } from '../../config/resolve-target.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { LastExecution } from '../../files/kept/last-execution.js';
import { environmentOfFunction, findBucket } from '../../operations/find/find-bucket.js';
import { findExecution } from '../../operations/find/find-execution.js';
import { findMachine, machineReason } from '../../operations/find/find-machine.js';
import type { Gateways } from '../../ports/aws.js';

type Finding = Pick<
  Target,
  | 'machineArn'
  | 'machineReason'
  | 'executionArn'
  | 'rememberExecution'
  | 'uploadBucket'
  | 'importQueue'
  | 'tableName'
>;

/** What is meant on a target by the names that users and the framework have for its things. */
export function findingOn(
  settings: TargetSettings,
  gateways: Gateways,
  { loopback, appBucket, last }: { loopback: boolean; appBucket?: string; last: LastExecution },
): Finding {
  const { name: targetName, prefix, machines, flagsForHints, bucket, tablePrefix } = settings;
  const machineArn = (reference: string): Promise<string> =>
    findMachine(gateways.states, reference, { prefix, machines, flagsForHints });
  const importFunction = once(async () => environmentOfFunction(gateways, await machineArn('import-csv')));
  return {
    machineArn,
    machineReason: (reference) => machineReason(reference, { prefix, machines }),
    executionArn: (reference) =>
      findExecution(gateways.states, reference, {
        started: last.read,
        machineArn,
        targetName,
        flagsForHints,
      }),
    rememberExecution: (executionArn) => last.write(executionArn),
    uploadBucket: (flag) =>
      findBucket(gateways.objects, {
        flag,
        bucket,
        appBucket,
        prefix,
        functionBucket: async () => (await importFunction()).S3_BUCKET_NAME,
      }),
    // A server on this machine has no environment of functions to ask for.
    importQueue: async () =>
      settings.importQueue ?? (loopback ? undefined : (await importFunction()).IMPORT_QUEUE_URL),
    tableName(name) {
      if (tablePrefix !== undefined) return tablePrefix + name;
      throw new FlowError(
        exitCodes.usage,
        'TablePrefixNeeded',
        `the prefix of the DynamoDB tables of target ${targetName} is not known`,
        {
          where: `table ${name}`,
          hint: 'set "prefix" of the target in mbc-flow.json, or NODE_ENV and APP_NAME in the app\'s .env',
        },
      );
    },
  };
}
