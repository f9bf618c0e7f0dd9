import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { IdentityGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** STS over the AWS SDK. */
export function createIdentityGateway(settings: ClientSettings): IdentityGateway {
  const client = equip(new STSClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'STS');
  return {
    async callerIdentity() {
      const { Account = '', Arn = '' } = await send('GetCallerIdentity', () =>
        client.send(new GetCallerIdentityCommand({})),
      );
      return { account: Account, arn: Arn };
    },
  };
}
