import { join } from 'node:path';
import { expect } from 'vitest';
import { evaluateJsonata } from '../../../src/asl/data/evaluate-jsonata.mjs';
import { compileMachine } from '../../../src/asl/definition.js';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import type { JsonObject } from '../../../src/json/json.js';
import { jsonText, parseWritten } from '../../../src/json/lossless.js';
import { mapRunThen } from '../../../src/workflow/rehearsal/recorded-map-run.js';
import { rehearse } from '../../../src/workflow/rehearsal/rehearse.js';
import { placeText } from '../../../src/workflow/rehearsal/step-place.js';
import { leftOut, runsOf } from '../../conformance/executions.js';
import { activityArn } from '../../conformance/live.js';
import { type RecordedExecution, recordsOf } from '../../conformance/record.js';
import { material } from '../../shared.js';

const folder = join(import.meta.dirname, '../../../../shared/material/histories');
/** The recordings hide such values, so that what follows from them cannot be compared. */
const hidden = /<[\w-]+(:\d+)?>|\$\{|RandomNumberGenerated|generated-uuid|timestamp|"date"/;

material.test('every recorded execution goes the same way again', async () => {
  const different: string[] = [];
  let ran = 0;
  for (const record of recordsOf<RecordedExecution>(folder, 'localstack-executions.jsonl')) {
    if (leftOut(record) || record.definitions.length !== 1) continue;
    for (const { events, input } of runsOf(record)) {
      if (events.length === 0) continue;
      const definition = (record.definitions[0] ?? '').replace(/\$\{create_activity[^}]*\}/, activityArn);
      if (!/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(events.at(-1)?.type ?? '')) continue;
      const history = (
        parseWritten(jsonText(events).replaceAll('activity_arn', activityArn)) as typeof events
      ).map(
        (event): HistoryEvent => ({
          ...event,
          timestamp: Number(new Date(String(event.timestamp))) || 0,
        }),
      );
      const started = history[0]?.executionStartedEventDetails as
        | { input?: unknown; roleArn?: string }
        | undefined;
      const text = started?.input;
      try {
        const { played, ways } = await rehearse({
          events: history,
          ranDefinition: definition,
          definition,
          machine: compileMachine(parseWritten(definition) as JsonObject),
          evaluate: evaluateJsonata,
          // Names of buckets in the recorded data are hidden, so that a state seems to get another input.
          mapRun: async (_, then) => then && mapRunThen(then, parseWritten(definition)),
          spec: {
            executionArn: 'arn:aws:states:us-east-1:111111111111:execution:m:e',
            name: 'e',
            roleArn: started?.roleArn ?? 'r',
            stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:m',
            stateMachineName: 'm',
            type: record.type,
            startDate: 0,
            input: input ?? (typeof text === 'string' ? text : jsonText(text ?? {})),
          },
        });
        ran++;
        const { first } = ways;
        if (played.missing)
          different.push(`${record.id} ${record.test}: missing ${placeText(played.missing.place)}`);
        else if (first && !hidden.test(jsonText([first.before, first.after])))
          different.push(
            `${record.id} ${record.test}: ${first.place ? placeText(first.place) : 'end'} ${first.what} ${first.path} ${jsonText(first.before)} -> ${jsonText(first.after)}`,
          );
      } catch (error) {
        different.push(`${record.id} ${record.test}: ${String((error as Error).stack)}`);
      }
    }
  }
  expect(ran).toBeGreaterThan(200);
  expect(different).toEqual([]);
});
