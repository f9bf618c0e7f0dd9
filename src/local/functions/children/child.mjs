// @ts-check
// Runs a team's function in a process of its own, as Lambda's Node.js runtime does: loads the module once, then
// takes one request at a time over IPC. Plain JavaScript, so that it also starts from the source tree.

import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire, register } from 'node:module';
import { Socket } from 'node:net';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { MessageChannel, Worker } from 'node:worker_threads';
import { stampOf } from '../../../files/file-stamp.mjs';
import { callHandler, errorPayload } from '../../calling.mjs';
import { lineSplitter, messageOf } from './frames.mjs';
import { createTypeScript, formatOf, hookRequire, isTypeScript } from './typescript.mjs';

const [, , file = '', exportName = '', functionName = ''] = process.argv;

const channel = new Socket({ fd: 3 });
// The server is gone, and with it whoever could ask or be answered.
channel.on('error', () => process.exit());
channel.on('close', () => process.exit());

/** @param {object} message @param {() => void} [sent] */
// Begins with a line break too: the function may have left half a line there.
const send = (message, sent) => channel.write(`\n${JSON.stringify(message)}\n`, sent);

// A handler that never gives the event loop back would outlive a server that was killed: a thread looks.
new Worker(
  `const parent = process.ppid;
   setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`,
  { eval: true, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } },
).unref();

/** @typedef {{ requestId: string, payload: string, timeoutMs: number, functionArn: string }} Request */

// The console goes over the same channel as answers do, so that no line is told after its request has ended.
for (const [method, level] of /** @type {const} */ ([
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['debug', 'DEBUG'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
  ['trace', 'TRACE'],
])) {
  console[method] = (/** @type {unknown[]} */ ...data) =>
    send({ type: 'told', level, text: format(...data) });
}

/** Ends the request that is being served; replaced by each. @type {(payload: string, failed: boolean) => void} */
let answer = () => {};

/** Lambda's runtime reports what nobody caught, then exits. @param {string} payload @param {number} status */
function die(payload, status) {
  answer = () => {};
  send({ type: 'answer', payload, failed: true, last: true }, () => process.exit(status));
}
process.on('unhandledRejection', (reason) => {
  const error = new Error(String(reason));
  if (reason instanceof Error && reason.stack) error.stack = reason.stack;
  const trace = (error.stack ?? '').split('\n');
  const errorType = 'Runtime.UnhandledPromiseRejection';
  die(
    JSON.stringify({
      errorType,
      errorMessage: error.message,
      trace: [`${errorType}: ${error.message}`, ...trace.slice(1)],
    }),
    128,
  );
});
process.on('uncaughtException', (error) => die(errorPayload(error), 129));

/** Files of the function's own that it was loaded from, and are to be told. @type {Set<string>} */
const loadedFiles = new Set();
let toldFiles = 0;

function tellFiles() {
  for (const path of Object.keys(/** @type {any} */ (Module)._cache))
    if (!/[\\/]node_modules[\\/]/.test(path)) loadedFiles.add(path);
  const files = [...loadedFiles].slice(toldFiles).map((path) => [path, stampOf(path)]);
  toldFiles += files.length;
  if (files.length > 0) send({ type: 'loaded', files });
}

/** The modules that an ES module imports by a path: what Node does not tell. @param {string} path */
function addImports(path) {
  if (loadedFiles.has(path) || !existsSync(path)) return;
  loadedFiles.add(path);
  if (!/\.[cm]?js$/.test(path)) return;
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(
    /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g,
  ))
    addImports(resolve(dirname(path), name));
}

/** @returns {Promise<any>} */
async function importFile() {
  if (!isTypeScript(file)) {
    const loaded = await import(pathToFileURL(file).href);
    addImports(file);
    return loaded;
  }
  process.setSourceMapsEnabled(true);
  /** @type {ReturnType<typeof createTypeScript> | undefined} */
  let typescript;
  hookRequire(() => (typescript ??= createTypeScript(file, (path) => loadedFiles.add(path))));
  if (formatOf(file) === 'commonjs') return createRequire(file)(file);
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (path) => {
    loadedFiles.add(path);
    tellFiles();
  });
  port1.unref();
  const data = { entry: file, port: port2 };
  register(typescriptHooks, { data, transferList: [port2] });
  return await import(pathToFileURL(file).href);
}

/** Beside this file in the source tree, an entry of its own in the bundle. */
const typescriptHooks =
  ['./typescript-hooks.mjs', './typescript-hooks.js']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))?.href ?? '';

/** @returns {Promise<Function | undefined>} */
async function loadHandler() {
  let loaded;
  try {
    loaded = await importFile();
  } catch (error) {
    const code = /** @type {{ code?: string }} */ (error)?.code;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const type = missing
      ? 'Runtime.ImportModuleError'
      : error instanceof SyntaxError
        ? 'Runtime.UserCodeSyntaxError'
        : undefined;
    die(errorPayload(error, type), 1);
    return undefined;
  }
  // Node sees named exports of CommonJS only where their assignment is plain to read.
  const find = (/** @type {any} */ from) =>
    exportName.split('.').reduce((/** @type {any} */ value, name) => value?.[name], from);
  const handler = find(loaded) ?? find(loaded.default);
  if (typeof handler === 'function') return handler;
  const what = handler === undefined ? 'is undefined or not exported' : 'is not a function';
  const errorMessage = `${file}: ${exportName} ${what}${handler === undefined ? exportedText(loaded) : ''}`;
  die(JSON.stringify({ errorType: 'Runtime.HandlerNotFound', errorMessage, trace: [] }), 1);
  return undefined;
}

/** What a wrong name may have meant, as it is written in a spec. @param {any} loaded */
function exportedText(loaded) {
  const all = { ...loaded.default, ...loaded };
  const names = Object.keys(all).filter((name) => name !== 'default' && typeof all[name] === 'function');
  if (names.length === 0) return '; it exports no function';
  const spec = `${basename(file).replace(/\.[^.]*$/, '')}.${names[0]}`;
  return `; it exports ${names.slice(0, 5).join(', ')} (written as …/${spec})`;
}

/** @param {Function} handler @param {Request} request */
function serve(handler, { requestId, payload, timeoutMs, functionArn }) {
  const deadline = Date.now() + timeoutMs;
  answer = (text, failed) => {
    answer = () => {};
    channel.ref();
    tellFiles();
    send({ type: 'answer', requestId, payload: text, failed, memoryBytes: process.memoryUsage.rss() });
  };
  const mine = answer;
  const settle = (/** @type {string} */ text, /** @type {boolean} */ failed) => {
    if (answer === mine) mine(text, failed);
  };
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
  // A handler that leaves nothing to wait for has ended without an answer: Lambda's is null then.
  channel.unref();
  callHandler(handler, payload, context, settle);
}

process.on('beforeExit', () => answer('null', false));

// Before it runs: what it writes is another file than it has loaded.
const loading = loadHandler().then((handler) => {
  if (handler) tellFiles();
  return handler;
});
const requests = lineSplitter(async (line) => {
  const request = /** @type {Request | undefined} */ (messageOf(line));
  const handler = await loading;
  if (handler && request) serve(handler, request);
});
channel.setEncoding('utf8').on('data', (text) => requests.push(String(text)));
if (await loading) send({ type: 'ready' });
