import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import type { StatesContext } from './context.js';
import type { Input } from './requests/model.js';

type Configured = Pick<
  Input<'CreateStateMachine'>,
  'loggingConfiguration' | 'tracingConfiguration' | 'encryptionConfiguration'
>;

/** What a machine has of which nothing was said. */
export const defaultConfiguration = JSON.stringify({
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
});

/**
 * A machine's configuration after a request, as it is kept: JSON text, whose members come in one order, so that equal
 * ones are equal texts.
 * @throws AwsError InvalidLoggingConfiguration, InvalidEncryptionConfiguration
 */
export function configured(context: StatesContext, input: Configured, before = defaultConfiguration): string {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  if (loggingConfiguration) checkLogging(context, loggingConfiguration);
  const defaults = JSON.parse(defaultConfiguration) as Record<string, JsonObject>;
  const after = { ...defaults, ...(JSON.parse(before) as Record<string, JsonObject>) };
  if (loggingConfiguration)
    after.loggingConfiguration = { ...defaults.loggingConfiguration, ...loggingConfiguration };
  if (tracingConfiguration)
    after.tracingConfiguration = { ...defaults.tracingConfiguration, ...tracingConfiguration };
  if (encryptionConfiguration) after.encryptionConfiguration = encryption(encryptionConfiguration);
  return JSON.stringify(after);
}

function checkLogging(
  context: StatesContext,
  { level = 'OFF', destinations = [] }: NonNullable<Configured['loggingConfiguration']>,
): void {
  const refuse = (what: string): never => {
    throw new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${what}`);
  };
  const groups = destinations.map(({ cloudWatchLogsLogGroup: group }) => group?.logGroupArn);
  const off = level === 'OFF' && groups.length === 0;
  if (!off && (groups.length !== 1 || groups[0] === undefined))
    refuse('Must specify exactly one Log Destination.');
  for (const arn of groups) {
    const name = /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:(.+):\*$/.exec(arn ?? '')?.[1];
    if (name === undefined || context.logGroupExists?.(name) === false) refuse('Log Destination not found.');
  }
}

const dataKeyReuseSeconds = 300;

/** As it is kept: nothing is encrypted here, but it is told. @throws AwsError InvalidEncryptionConfiguration */
export function encryption({
  type,
  kmsKeyId,
  kmsDataKeyReusePeriodSeconds: period,
}: NonNullable<Configured['encryptionConfiguration']>): JsonObject {
  const refuse = (what: string): never => {
    throw new AwsError('InvalidEncryptionConfiguration', `Invalid Encryption Configuration: ${what}`);
  };
  if (type === 'CUSTOMER_MANAGED_KMS_KEY' && kmsKeyId === undefined)
    refuse('KmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY.');
  if (type === 'AWS_OWNED_KEY' && (kmsKeyId !== undefined || period !== undefined))
    refuse('KmsKeyId and KmsDataKeyReusePeriodSeconds cannot be specified for AWS_OWNED_KEY.');
  if (kmsKeyId === undefined) return { type };
  return { type, kmsKeyId, kmsDataKeyReusePeriodSeconds: period ?? dataKeyReuseSeconds };
}
