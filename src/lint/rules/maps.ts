import { isObject, type JsonObject } from '../../json/json.js';
import { processorOf, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';

/** Fewer bytes than one record of a file with a few columns has. */
const TINY_BATCH = 1024;

const tiny: Rule = {
  code: 'MF010',
  title: 'A batch of a few bytes',
  severity: 'warning',
  why: 'MaxInputBytesPerBatch counts bytes, not rows. A batch always has one item, so "10" makes a child execution for every row: an import of 100,000 rows pays for 100,000 executions and takes hours.',
  instead: '"MaxItemsPerBatch": 100',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const bytes = isObject(state.ItemBatcher) ? state.ItemBatcher.MaxInputBytesPerBatch : undefined;
      if (typeof bytes === 'number' && bytes < TINY_BATCH)
        report(
          [...place, 'ItemBatcher', 'MaxInputBytesPerBatch'],
          `'${name}' batches by ${bytes} bytes, which is one row a batch (rows: MaxItemsPerBatch)`,
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
  title: 'Map results that outgrow 256 KB',
  severity: 'warning',
  why: "A Distributed Map without ResultWriter collects the outputs of all its children in the state's output. Over 262,144 bytes the execution fails with States.DataLimitExceeded, after all the work is done.",
  instead: 'A ResultWriter to S3; or "ResultPath": null where nobody reads the results.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (processorOf(state)?.distributed && isObject(state.ItemReader) && keepsResults(state))
        report(
          place,
          `'${name}' collects the results of all children in its output, which may hold 256 KB (ResultWriter, or ResultPath null)`,
        );
  },
};

const PLACEHOLDER =
  /^(your|my|example|some|todo|replace|change-?me)\b[-_.]?.*(bucket|name)|^(bucket|bucket-name|placeholder.*|<.*>)$/i;

const placeholder: Rule = {
  code: 'MF015',
  title: 'A placeholder for a bucket',
  severity: 'warning',
  why: 'A template of the framework writes results to "your-import-bucket-name". Such a bucket is nobody\'s, or a stranger\'s: the map run fails when all rows are done.',
  instead: 'The application\'s own bucket, by reference: "Bucket.$" or a value of the template.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      for (const part of ['ItemReader', 'ResultWriter']) {
        const holder = state[part];
        if (!isObject(holder)) continue;
        for (const field of ['Parameters', 'Arguments']) {
          const call = holder[field];
          const bucket = isObject(call) ? call.Bucket : undefined;
          if (typeof bucket === 'string' && PLACEHOLDER.test(bucket))
            report(
              [...place, part, field, 'Bucket'],
              `'${bucket}' of '${name}' looks like a placeholder for a bucket`,
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
  title: 'A map run that one failure ends',
  severity: 'warning',
  why: 'Without a tolerated failure the first child that fails ends the whole map run: the rows that are not begun are never read, and without a Catch nothing says so to the application.',
  instead: '"ToleratedFailurePercentage": 100 with a ResultWriter, or a Catch that reports the failure.',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (
        processorOf(state)?.distributed &&
        state.Catch === undefined &&
        !TOLERANCES.some((field) => state[field] !== undefined)
      )
        report(
          place,
          `'${name}' tolerates no failed child and catches none: one bad batch ends the whole run`,
        );
  },
};

const ignored: Rule = {
  code: 'MF022',
  title: 'Fields that an inline Map does not heed',
  severity: 'warning',
  why: 'ItemReader, ItemBatcher, ResultWriter, Label and tolerated failures work in Distributed Maps only. AWS takes them on an inline Map, and ignores them.',
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
