import type { JsonObject } from '../../json/json.js';
import type { JsonOperations, JsonService } from '../http/json-service.js';
import { AwsError } from '../ports.js';
import * as events from './events.js';
import * as groups from './groups.js';
import { startLiveTail } from './live-tail.js';
import type { LogsContext, LogsOperation } from './request.js';

export { expireLogs } from './expiry.js';
export { LogStore } from './log-store.js';
export { logsQuotas } from './quotas.js';
export { logsSchema } from './tables.js';
export { createEventLog, groupOfDestinations } from './vended.js';

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

/** CloudWatch Logs on the wire. `limited`: puts AWS's rates on the operations, where they are wanted. */
export function logsService(
  context: LogsContext,
  limited: (operations: JsonOperations) => JsonOperations,
): JsonService {
  return {
    target: 'Logs_20140328',
    contentType: 'application/x-amz-json-1.1',
    operations: limited(
      Object.fromEntries(
        Object.entries(operations).map(([name, run]) => [
          name,
          async (input: JsonObject) => await run(context, input).catch(asLogsError),
        ]),
      ),
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
