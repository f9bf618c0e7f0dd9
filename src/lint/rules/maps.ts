import { isObject, type JsonObject } from '../../json/json.js';
import { processorOf, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';

/** Fewer bytes than one record of a file with a few columns has. */
const TINY_BATCH = 1024;

const tiny: Rule = {
  code: 'MF010',
  title: 'Batch of only a few bytes',
  severity: 'warning',
  why: 'MaxInputBytesPerBatch counts bytes, not rows. A batch always holds at least one item, so "10" starts a child execution for every row: an import of 100,000 rows pays for 100,000 executions and takes hours.',
  instead: '"MaxItemsPerBatch": 100',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const bytes = isObject(state.ItemBatcher) ? state.ItemBatcher.MaxInputBytesPerBatch : undefined;
      if (typeof bytes === 'number' && bytes < TINY_BATCH)
        report(
          [...place, 'ItemBatcher', 'MaxInputBytesPerBatch'],
          `'${name}' uses batches of ${bytes} bytes, which hold one row each (use MaxItemsPerBatch to count rows)`,
        );
    }
  },
};

const keepsResults = (state: JsonObject): boolean =>
  state.ResultWriter === undefined &&
  state.ResultPath !== null &&
  state.ResultSelector === undefined &&
  state.OutputPath !== null &&
  (state.Output === undefined || JSON.stringify(state.Output).includes('$states.result'));

const oversized: Rule = {
  code: 'MF012',
  title: 'Map results can exceed 256 KB',
  severity: 'warning',
  why: "A Distributed Map without ResultWriter collects the outputs of all child executions in the state's output. If they exceed 262,144 bytes, the execution fails with States.DataLimitExceeded after all the work is done.",
  instead: 'Use a ResultWriter to S3, or "ResultPath": null if the results are not needed.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (processorOf(state)?.distributed && isObject(state.ItemReader) && keepsResults(state))
        report(
          place,
          `'${name}' collects the results of all child executions in its output, which is limited to 256 KB (use ResultWriter, or ResultPath null)`,
        );
  },
};

/** What templates and examples call a bucket that somebody has to put in. */
export const placeholderBucket =
  /^(your|my|example|some|todo|replace|change-?me)\b[-_.]?.*(bucket|name)|^(bucket|bucket-name|placeholder.*|<.*>)$/i;

const placeholder: Rule = {
  code: 'MF015',
  title: 'Placeholder used as bucket name',
  severity: 'warning',
  why: 'A template of the framework writes results to "your-import-bucket-name". Such a bucket does not exist or belongs to someone else, so the map run fails after all rows are processed.',
  instead: 'Refer to the application\'s own bucket with "Bucket.$" or a value in the template.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      for (const part of ['ItemReader', 'ResultWriter']) {
        const holder = state[part];
        if (!isObject(holder)) continue;
        for (const field of ['Parameters', 'Arguments']) {
          const call = holder[field];
          const bucket = isObject(call) ? call.Bucket : undefined;
          if (typeof bucket === 'string' && placeholderBucket.test(bucket))
            report(
              [...place, part, field, 'Bucket'],
              `'${bucket}' of '${name}' looks like a placeholder for a bucket name`,
            );
        }
      }
  },
};

const TOLERANCES = [
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

const intolerant: Rule = {
  code: 'MF016',
  title: 'One failure fails the whole map run',
  severity: 'warning',
  why: 'Without tolerated failures, the first child execution that fails ends the whole map run: rows that have not started are never read, and without a Catch the application is not notified.',
  instead: 'Use "ToleratedFailurePercentage": 100 with a ResultWriter, or a Catch that reports the failure.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (
        processorOf(state)?.distributed &&
        state.Catch === undefined &&
        !TOLERANCES.some((field) => state[field] !== undefined)
      )
        report(
          place,
          `'${name}' neither tolerates nor catches a failed child: one failed ${state.ItemBatcher === undefined ? 'item' : 'batch'} fails the whole run`,
        );
  },
};

const ignored: Rule = {
  code: 'MF022',
  title: 'Fields ignored by an inline Map',
  severity: 'warning',
  why: 'ItemReader, ItemBatcher, ResultWriter, Label and tolerated failures apply to Distributed Maps only. AWS accepts them on an inline Map and ignores them.',
  instead: '"ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const found = processorOf(state);
      if (!found || found.distributed) continue;
      for (const field of ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label', ...TOLERANCES])
        if (state[field] !== undefined)
          report([...place, field], `'${name}' is an inline Map, which ignores ${field}`);
    }
  },
};

export const maps = [tiny, oversized, placeholder, intolerant, ignored];
