import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  StartLiveTailCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent, LogsGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** CloudWatch Logs over the AWS SDK. */
export function createLogsGateway(settings: ClientSettings): LogsGateway {
  const client = equip(new CloudWatchLogsClient(sdkConfig(settings)), settings);
  const tailClient = () => equip(new CloudWatchLogsClient(sdkConfig(settings, 'StartLiveTail')), settings);
  const send = sender(settings, 'CloudWatch Logs');
  return {
    async *filterPages({ logGroup, ...filter }) {
      const all = send.paged(
        'FilterLogEvents',
        (nextToken) =>
          client.send(new FilterLogEventsCommand({ logGroupName: logGroup, ...filter, nextToken })),
        ({ events }) => events,
      );
      for await (const page of all)
        yield (page.events ?? []).map(
          ({ eventId, logStreamName = '', timestamp = 0, message = '' }): LogEvent => ({
            eventId,
            logGroup,
            logStream: logStreamName,
            timestamp,
            message,
          }),
        );
    },

    async *liveTail({ logGroupArns, filterPattern, signal }) {
      const { responseStream } = await send('StartLiveTail', () =>
        tailClient().send(
          new StartLiveTailCommand({
            logGroupIdentifiers: logGroupArns.map((arn) => arn.replace(/:\*$/, '')),
            logEventFilterPattern: filterPattern,
          }),
          { abortSignal: signal },
        ),
      );
      try {
        for await (const { sessionUpdate } of responseStream ?? []) {
          if (!sessionUpdate) continue;
          yield {
            sampled: sessionUpdate.sessionMetadata?.sampled === true,
            events: (sessionUpdate.sessionResults ?? []).map(
              ({ logGroupIdentifier = '', logStreamName = '', timestamp = 0, message = '' }): LogEvent => ({
                logGroup: logGroupIdentifier.split(':').at(-1) ?? logGroupIdentifier,
                logStream: logStreamName,
                timestamp,
                message,
              }),
            ),
          };
        }
      } catch (error) {
        // A stream that was stopped, or that reached the maximum duration of AWS, has not failed.
        if (!signal.aborted && (error as Error).name !== 'SessionTimeoutException')
          await send('StartLiveTail', () => Promise.reject(error));
      }
    },
  };
}
