// The floor of an import: parse the file, call the function in batches of 100, keep nothing, promise nothing.
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { handler } from './handler.mjs';

const batchSize = 100;
const stream = createReadStream(process.argv[2]).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }));
let rows = 0;
let batch = [];
const flush = async () => {
  const [[{ succeededRows }]] = JSON.parse(
    JSON.stringify(await handler(JSON.parse(JSON.stringify({ input: { Items: batch } })))),
  );
  rows += succeededRows;
  batch = [];
};
for await (const row of stream) {
  batch.push(row);
  if (batch.length === batchSize) await flush();
}
if (batch.length > 0) await flush();
process.stdout.write(`${rows}\n`);
