import type { JsonService } from '../http/json-service.js';
import { AwsError } from '../ports.js';
import * as events from './events.js';
import * as groups from './groups.js';
import { startLiveTail } from './live-tail.js';
import type { LogsContext, LogsOperation } from './request.js';

export { LogStore } from './log-store.js';
export { logsSchema } from './tables.js';
export { createEventLog } from './vended.js';

const operations: Record<string, LogsOperation> = {
  CreateLogGroup: groups.createLogGroup,
  DeleteLogGroup: groups.deleteLogGroup,
  DescribeLogGroups: groups.describeLogGroups,
  CreateLogStream: groups.createLogStream,
  DeleteLogStream: groups.deleteLogStream,
  DescribeLogStreams: groups.describeLogStreams,
  PutRetentionPolicy: groups.putRetentionPolicy,
  DeleteRetentionPolicy: groups.deleteRetentionPolicy,
  ListTagsForResource: groups.listTagsForResource,
  TagResource: groups.tagResource,
  UntagResource: groups.untagResource,
  ListTagsLogGroup: groups.listTagsLogGroup,
  TagLogGroup: groups.tagLogGroup,
  UntagLogGroup: groups.untagLogGroup,
  PutLogEvents: events.putLogEvents,
  FilterLogEvents: events.filterLogEvents,
  GetLogEvents: events.getLogEvents,
};

/** CloudWatch Logs on the wire. */
export function logsService(context: LogsContext): JsonService {
  return {
    target: 'Logs_20140328',
    contentType: 'application/x-amz-json-1.1',
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, run]) => [
        name,
        async (input) => await run(context, input).catch(asLogsError),
      ]),
    ),
    streams: { StartLiveTail: (input, response) => startLiveTail(context, input, response) },
  };
}

/** This service has a name of its own for what others call a ValidationException. */
function asLogsError(error: unknown): never {
  if (error instanceof AwsError && error.code === 'ValidationException')
    throw new AwsError('InvalidParameterException', error.message);
  throw error;
}
