import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Stimulus } from '../asl/engine/protocol.js';
import { faultWords } from '../files/system-errors.js';
import { frameworkFunction } from '../framework/machines.js';
import { createEvaluator } from '../jsonata/evaluator.js';
import { account, isActivity, region } from './arns.js';
import { GivenFileError } from './errors.js';
import { type EventSources, startEventSources } from './event-sources/index.js';
import { createFunctionHost } from './function-host.js';
import { createFunctions } from './functions/index.js';
import { Changes } from './http/changes.js';
import { createEndpoints } from './integrations/endpoint.js';
import { withGivenAnswers } from './integrations/in-process-answers.js';
import { createIntegrations } from './integrations/index.js';
import { createMocks, type Mocks } from './integrations/mocks.js';
import { StartedExecutions } from './integrations/start-execution.js';
import { close, endpointOf, listen } from './listen.js';
import { createEventLog, LogStore } from './logs/index.js';
import { readGivenFile } from './machines/given-file.js';
import { followOwnMachines, loggingConfigurations, registerBuiltin } from './machines/register.js';
import { dropTemplate, followTemplate } from './machines/template.js';
import { IN_MEMORY, type LocalServer, type LocalServerOptions, type LocalServerSettings } from './options.js';
import { createProtocols } from './protocols.js';
import { keepRetention } from './retention.js';
import { Activities } from './runtime/activities.js';
import { createUnderWay, nothingUnderWay } from './runtime/deadly-executions.js';
import type { ExecutionRow } from './runtime/execution-tables.js';
import { Executions } from './runtime/executions.js';
import { boundHeap } from './runtime/heap.js';
import type { LiveExecution, Performers } from './runtime/live-execution.js';
import { MapRuns } from './runtime/map-runs/map-runs.js';
import { createTokens, type TaskReference } from './runtime/tokens.js';
import { createS3 } from './s3/index.js';
import { openState } from './server-state.js';
import { statesOperations } from './states/api.js';
import { startExecutionOfTask } from './states/executions.js';
import { lockDataDirectory } from './store/lock.js';
import { makeDirectory } from './store/own-files.js';
import { isStoreLoss, type Store } from './store/port.js';
import { setting } from './store/settings.js';

/**
 * Starts the local server on a data directory; resolves when it answers requests.
 * @throws DataDirectoryHeldError, GivenFileError, StoreError (damaged or newer database), or the listen error (EADDRINUSE).
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const dataDir = options.dataDir === IN_MEMORY ? undefined : resolve(options.dataDir);
  const place = dataDir ?? IN_MEMORY;
  const log = options.log ?? (() => {});
  const lock = dataDir === undefined ? undefined : lockDataDirectory(dataDir);
  const undo: (() => unknown)[] = [() => lock?.release()];
  try {
    const objectsDir = dataDir === undefined ? undefined : join(dataDir, 'objects');
    if (objectsDir !== undefined) makeDirectory(objectsDir);
    let fatal = false;
    // Nobody awaits what failed. Only the loss of the disk ends the server; all else is the fault of what was being done.
    const onFailure = (error: unknown, execution?: string): void => {
      if (!isStoreLoss(error)) log(faultLine(error, execution));
      if (fatal || !isStoreLoss(error)) return;
      fatal = true;
      executions.halt();
      mapRuns.halt();
      options.onFatal?.(error instanceof Error ? error : new Error(String(error)));
    };
    const { store, clock, isClosed, close: closeState } = openState(dataDir, options, log, onFailure);
    undo.push(closeState);
    const secret = await store.write((db) => setting(db, 'secret', () => randomBytes(32).toString('hex')));
    const tokens = createTokens(secret);
    const underWay = dataDir === undefined ? nothingUnderWay : createUnderWay(join(dataDir, 'under-way'));
    undo.push(() => underWay.close());
    const executions = new Executions(store, clock, secret, tokens, underWay, onFailure);
    const changes = new Changes();
    executions.onStep = ({ arn }) => changes.execution(arn);
    const logs = new LogStore(store, clock);
    const heap = boundHeap();
    undo.push(() => heap.release());
    const s3 = createS3({ store, directory: objectsDir, clock, region, passed: heap.passed });
    await s3.recover();
    for (const bucket of new Set(['local-bucket', options.bucket ?? 'local-bucket']))
      if (!s3.objects.bucketExists(bucket)) await s3.objects.createBucket(bucket);
    const evaluator = createEvaluator();
    undo.push(() => evaluator.stop());
    const mapRuns = new MapRuns(store, s3.objects, clock, executions, evaluator.evaluate, heap, onFailure);
    let endpoint = '';
    let env = options.env ?? process.env;
    let eventSources: EventSources | undefined;
    const functions = createFunctions({
      functions: options.functions,
      base: options.functionsBase ?? process.cwd(),
      lambdaEndpoint: options.lambdaEndpoint,
      findLambda: options.findLambda,
      inspect: options.inspect,
      env: () => env,
      services: options.serviceEndpoints ?? {},
      host: createFunctionHost(store, s3.objects, clock, tokens, executions),
      inProcess: options.inProcess,
      endpoint: () => endpoint,
      region,
      account,
      log,
      now: () => clock.now(),
      writeLog(group, stream, events) {
        if (!isClosed()) logs.write(group, stream, events).catch(onFailure);
      },
      eventSourceMappings: () => eventSources?.mappings() ?? [],
    });
    undo.push(() => functions.stop());
    const activities = new Activities(executions, clock);
    const states = {
      store,
      clock,
      executions,
      mapRuns,
      activities,
      tokens,
      registered: new Set<string>(),
      logGroupExists: (name: string) => logs.groupExists(name),
    };
    const started = new StartedExecutions(
      store,
      clock,
      executions,
      (input, parent) => startExecutionOfTask(states, input, parent),
      onFailure,
    );
    const invoke = createIntegrations({
      clock,
      functions,
      startExecution: (call) => started.start(call),
      endpoints: createEndpoints({
        region,
        endpoints: options.serviceEndpoints ?? {},
        own: () => endpoint,
      }),
      mocks: options.mocks === undefined ? undefined : await readMocks(options.mocks, store),
    });
    const call: Performers['invoke'] = (task, row, signal) =>
      isActivity(task.resource) ? activities.schedule(task, row, signal) : invoke(task, row, signal);
    const { inProcess } = options;
    const deliver = (task: TaskReference, stimulus: Stimulus): Promise<unknown> =>
      executions.answer(task, () => stimulus).catch(onFailure);
    const loggingOf = loggingConfigurations();
    executions.performers = {
      invoke: inProcess ? withGivenAnswers(inProcess, clock, deliver, call) : call,
      evaluate: evaluator.evaluate,
      submitted: (parent, taskId) => started.submitted(parent, taskId),
      cancel: (parent, taskId) => started.cancel(parent.row, taskId),
      startMapRun: (parent, effect) => mapRuns.start(parent, effect),
      stopMapRun: (arn) => mapRuns.stop(arn),
      eventLog: (db, row) => told(createEventLog(logs, loggingOf(db, row), row), row, inProcess),
      childEnding: (row) => mapRuns.childEnding(row) ?? started.childEnding(row),
    };
    undo.push(() => {
      executions.halt();
      mapRuns.halt();
    });
    await registerBuiltin(store, clock.now());
    const ownMachines = await followOwnMachines({ store, executions, clock, log }, options.machines ?? {});
    undo.push(() => ownMachines.stop());
    executions.load();
    mapRuns.load();
    const operations = changes.watching(statesOperations(states));
    const templates = { operations, logs, store, log, env: options.env ?? {} };
    if (options.template) undo.push(await followTemplate(options.template, templates));
    else if (options.template === null) await dropTemplate(templates);

    const listener = createProtocols({
      dataDir: place,
      options,
      operations,
      store,
      clock,
      logs,
      functions,
      s3: s3.handle,
      changes,
      running: () => executions.live.size,
    });
    const host = options.host ?? '127.0.0.1';
    const server = await listen(listener, host, options.port ?? 0, dataDir === undefined);
    undo.push(() => close(server));
    endpoint = endpointOf(server);
    options.onListening?.(endpoint);
    const second = options.s3Port === undefined ? undefined : await listen(listener, host, options.s3Port);
    if (second) undo.push(() => close(second));
    lock?.register({ pid: process.pid, endpoint, startedAt: new Date(clock.now()).toISOString() });

    let stopping: Promise<void> | undefined;
    let resumed = false;
    const resume = (): void => {
      if (resumed) return;
      resumed = true;
      mapRuns.recover();
      executions.recover().catch(onFailure);
      started.recover();
    };
    if (options.execute !== false) resume();
    const deliverFrom = (settings: LocalServerSettings): EventSources =>
      startEventSources({
        sources: options.execute === false ? [] : (settings.eventSources ?? []),
        store,
        invoke: functions.invoke,
        hold: () => clock.hold(),
        functionName: soleName(settings.functions) ?? frameworkFunction,
        log,
      });
    eventSources = deliverFrom(options);
    undo.push(() => eventSources?.stop());
    let delivered = JSON.stringify([options.eventSources, soleName(options.functions)]);
    const check = (): void => {
      if (options.checkFunctions) functions.check().catch(onFailure);
    };
    check();
    let specs = JSON.stringify(options.functions);
    const reconfigure = async (settings: LocalServerSettings): Promise<void> => {
      env = settings.env ?? env;
      functions.configure(settings.functions ?? {});
      if (specs !== JSON.stringify(settings.functions)) check();
      specs = JSON.stringify(settings.functions);
      await ownMachines.update(settings.machines ?? {});
      const wanted = JSON.stringify([settings.eventSources, soleName(settings.functions)]);
      if (wanted === delivered || stopping) return;
      delivered = wanted;
      await eventSources?.stop();
      eventSources = deliverFrom(settings);
    };
    const { objects } = s3;
    undo.push(keepRetention({ store, objects, clock, days: options.retentionDays, onFailure }));
    const s3Endpoint = second && endpointOf(second);
    const stop = (): Promise<void> => (stopping ??= unwind(undo));
    const inside = { operations, clock, evaluate: evaluator.evaluate };
    return { endpoint, s3Endpoint, dataDir: place, ...inside, reconfigure, resume, stop };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

type EventLog = NonNullable<LiveExecution['log']>;

/** Whoever runs the server in their own process hears of the events too. */
function told(log: EventLog, row: ExecutionRow, inProcess: LocalServerOptions['inProcess']): EventLog {
  if (!inProcess || row.map_run_id !== null) return log;
  return (db, events) => {
    inProcess.happened(row.arn, events);
    log(db, events);
  };
}

/** The only function there is, if it has a name. */
function soleName(functions: LocalServerOptions['functions'] = {}): string | undefined {
  const [name, ...others] = Object.keys(functions);
  return others.length === 0 && name !== '*' ? name : undefined;
}

/** @throws GivenFileError */
async function readMocks(file: string, store: Store): Promise<Mocks> {
  const text = await readGivenFile(file, 'the mocks');
  try {
    return createMocks(text, store);
  } catch (error) {
    throw new GivenFileError(file, `the mocks are not valid: ${(error as Error).message}`, { cause: error });
  }
}

/** Takes down what was set up, last first. */
async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** One line of the server's log. */
const faultLine = (error: unknown, execution?: string): string =>
  `${execution ? `${execution} failed` : 'mbc-flow'}: ${faultWords(error)}`;
