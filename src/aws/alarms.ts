import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AlarmGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** CloudWatch alarms over the AWS SDK. */
export function createAlarmGateway(settings: ClientSettings): AlarmGateway {
  const client = equip(new CloudWatchClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'CloudWatch');
  return {
    async ofStateMachines() {
      return await send('DescribeAlarms', async () => {
        const found = [];
        for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {}))
          for (const {
            AlarmName = '',
            MetricName = '',
            Namespace,
            Dimensions,
            StateValue,
            ActionsEnabled,
          } of MetricAlarms) {
            const arn = Dimensions?.find(({ Name }) => Name === 'StateMachineArn')?.Value;
            if (Namespace === 'AWS/States' && arn !== undefined)
              found.push({
                name: AlarmName,
                metric: MetricName,
                stateMachineArn: arn,
                firing: StateValue === 'ALARM',
                enabled: ActionsEnabled !== false,
              });
          }
        return found;
      });
    },
  };
}
