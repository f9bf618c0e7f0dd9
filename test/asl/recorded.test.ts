import { describe, expect, test } from 'vitest';
import { DefinitionError } from '../../src/asl/definition.js';
import {
  difference,
  type RecordedEvent,
  type RecordedExecution,
  recordedExecutions,
  rerun,
} from './recorded.js';

/** Executions that AWS recorded and that run alike here. Only ever raised. */
const FLOOR = 196;

const material = recordedExecutions();

describe('executions recorded on AWS', () => {
  test.skipIf(!material && !process.env.CI)('run alike here (needs ../shared/material)', () => {
    const verdicts = cases(material ?? []).map(([recorded, events]) => ({
      recorded,
      verdict: judge(recorded, events),
    }));
    const passed = verdicts.filter(({ verdict }) => verdict === 'passed');
    const failed = verdicts.filter(
      ({ verdict }) => verdict !== 'passed' && !verdict.startsWith('unsupported'),
    );
    if (process.env.SHOW)
      for (const { recorded, verdict } of verdicts)
        if (verdict !== 'passed')
          process.stdout.write(
            `${recorded.id} ${recorded.test.replace(/.*v2\//, '')}\n  ${verdict.slice(0, 900)}\n`,
          );
    process.stdout.write(`${passed.length} of ${verdicts.length} passed, ${failed.length} differ\n`);
    expect(passed.length).toBeGreaterThanOrEqual(FLOOR);
  });
});

function cases(all: RecordedExecution[]): [RecordedExecution, RecordedEvent[]][] {
  return all.flatMap((recorded): [RecordedExecution, RecordedEvent[]][] => {
    const events = recorded.recorded.get_execution_history?.events;
    const ready = recorded.awsValidated && recorded.definitions.length === 1 && recorded.inputs.length <= 1;
    return ready && events ? [[recorded, events]] : [];
  });
}

function judge(recorded: RecordedExecution, events: RecordedEvent[]): string {
  try {
    return difference(events, rerun(recorded, events)) ?? 'passed';
  } catch (error) {
    if (error instanceof DefinitionError && error.unsupported) return `unsupported: ${error.message}`;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
