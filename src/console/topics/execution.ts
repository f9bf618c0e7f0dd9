import { executionDocument } from '../../views/execution/show-document.js';
import { overlayOf } from '../../views/graph/overlay.js';
import { adviseOn } from '../../workflow/failure/advice.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { executionParts, isExpress } from '../../workflow/names/arn.js';
import { traceUrl } from '../../workflow/names/console-url.js';
import type { ExecutionFacts, StateLook } from '../api.js';
import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';
import { readLogs } from './execution-logs.js';
import { createOpenedExecutions, type Opened } from './opened-executions.js';

/**
 * One execution: `execution:<arn>` how it stands and what its states came to, `steps:` the bars of its timeline,
 * `events:` its history, `logs:` its log lines.
 */
export function executionTopics(console: Console): Record<string, FillTopic> {
  const executions = createOpenedExecutions(console);
  return {
    async execution(arn, feed, signal) {
      for await (const { opened } of executions.follow(arn, signal)) {
        if (opened.model) feed.replace(looksOf(opened.model));
        feed.tell(factsOf(arn, opened));
      }
    },
    async steps(arn, feed, signal) {
      for await (const { opened, steps } of executions.follow(arn, signal)) {
        for (const [key, row] of steps) feed.put(key, row);
        feed.tell(freshnessOf(opened));
      }
    },
    async events(arn, feed, signal) {
      for await (const { opened, events } of executions.follow(arn, signal)) {
        for (const [key, row] of events) feed.put(key, row);
        feed.tell(freshnessOf(opened));
      }
    },
    logs: (arn, feed, signal) => readLogs(arn, feed, { console, signal }),
  };
}

const freshnessOf = ({ at, trouble, missing }: Opened) => ({ at, trouble, missing });

/** How it stands by now, where its history is still being read. */
function endedMeanwhile({ status, stopDate }: NonNullable<Opened['description']>) {
  return status === 'RUNNING' || !stopDate
    ? undefined
    : { status, stopDate: stopDate.toISOString(), current: [], openTokens: [] };
}

const looksOf = (model: NonNullable<Opened['model']>): [string, StateLook][] => [...overlayOf(model)];

function factsOf(executionArn: string, opened: Opened): ExecutionFacts {
  const { model, description, parent, mapRuns, root, failures } = opened;
  const { error, cause, stateName } = model?.failure ?? {};
  const shown = model && {
    ...executionDocument({
      executionArn,
      ...executionParts(executionArn),
      model,
      mapRuns,
      root,
      mapRunFailures: failures,
    }),
    // What may be large is asked for by itself.
    input: null,
    output: null,
    variables: {},
    ...(model.status === 'RUNNING' && description && endedMeanwhile(description)),
  };
  return {
    ...freshnessOf(opened),
    ...(shown && { execution: shown }),
    ...(model?.failure && { advice: adviseOn(decodeFailure(error, cause), error, stateName).commands }),
    ...(parent !== undefined && { parent }),
    traceUrl: traceUrl(executionArn, description?.traceHeader),
    redrivable: description?.redriveStatus === 'REDRIVABLE',
    repeatable: !isExpress(executionArn) || model?.input !== undefined,
  };
}
