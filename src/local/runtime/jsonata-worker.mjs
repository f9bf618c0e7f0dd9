// @ts-check
// One evaluation at a time, its answers sent one by one; evaluator.ts kills this thread when one does not come.
import { parentPort } from 'node:worker_threads';
import { evaluateJsonata } from '../../asl/evaluate-jsonata.mjs';

// Loading took its time, which is none of the first expression's.
parentPort?.postMessage('ready');
parentPort?.on('message', (evaluation) => {
  void evaluateJsonata(evaluation, (answer) => parentPort?.postMessage(answer));
});
