import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createEvaluator } from '../jsonata/evaluator.js';
import { account, region } from './arns.js';
import { createClock, machineTime } from './clock.js';
import { GivenFileError } from './errors.js';
import { checkpointSchema, type EventSources, startEventSources } from './event-sources/index.js';
import { createFunctions } from './functions/index.js';
import { readGivenFile } from './given-file.js';
import { createFunctionHost, hostSchema } from './host.js';
import { clockApi } from './http/clock-api.js';
import type { JsonOperations } from './http/json-service.js';
import { sendJson } from './http/json-service.js';
import { createRouter } from './http/router.js';
import { type QuotaOf, TokenBuckets, throttled } from './http/throttle.js';
import type { LocalServer, LocalServerOptions } from './index.js';
import { createEndpoints } from './integrations/endpoint.js';
import { createIntegrations } from './integrations/index.js';
import { createMocks, type Mocks, mocksSchema } from './integrations/mocks.js';
import { StartedExecutions } from './integrations/start-execution.js';
import { createEventLog, LogStore, logsQuotas, logsSchema, logsService } from './logs/index.js';
import { frameworkFunction } from './machines/index.js';
import { loggingConfiguration, registerMachines } from './own-machines.js';
import { keepRetention } from './retention.js';
import { Activities, isActivity } from './runtime/activities.js';
import { Executions } from './runtime/executions.js';
import { machineSchema } from './runtime/machine-tables.js';
import { MapRuns } from './runtime/map-runs.js';
import {
  latestTime,
  runtimeMigrations,
  runtimeSchema,
  savedSetting,
  saveSetting,
  setting,
} from './runtime/tables.js';
import { createTokens } from './runtime/tokens.js';
import { createUnderWay } from './runtime/under-way.js';
import { createS3, s3Schema } from './s3/index.js';
import { statesOperations } from './states/api.js';
import { startExecutionOfTask } from './states/executions.js';
import { statesQuotas } from './states/quotas.js';
import { lockDataDirectory } from './store/lock.js';
import { makeDirectory } from './store/own-files.js';
import { isStoreLoss, type Store } from './store/port.js';
import { openStore } from './store/store.js';
import { followTemplate } from './template-machines.js';

/**
 * Starts the local server on a data directory; resolves when it answers requests.
 * @throws DataDirectoryHeldError, GivenFileError, StoreError (damaged or newer database), or the listen error (EADDRINUSE).
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const lock = lockDataDirectory(dataDir);
  const undo: (() => unknown)[] = [() => lock.release()];
  try {
    const objectsDir = join(dataDir, 'objects');
    makeDirectory(objectsDir);
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
    const store = openStore(
      join(dataDir, 'state.db'),
      [runtimeSchema, machineSchema, hostSchema, s3Schema, mocksSchema, logsSchema, checkpointSchema],
      onFailure,
      runtimeMigrations,
      (waitedMs) =>
        log(
          waitedMs === undefined
            ? 'state.db is locked by another program; waiting for it'
            : `state.db is free again after ${(waitedMs / 1000).toFixed(1)} s`,
        ),
    );
    let closed = false;
    undo.push(() => {
      closed = true;
      store.close();
    });
    const saved = Number(store.read((db) => savedSetting(db, 'clock_offset')) ?? 0);
    const clock = createClock({
      scale: options.timeScale,
      // The wall clock may have been set back since: no event is earlier than those that are there.
      offset: Math.max(saved, store.read(latestTime) - machineTime.now()),
      // What relies on the new time is written after it, in the same commit at the earliest.
      onOffset(offset) {
        if (!closed) store.write((db) => saveSetting(db, 'clock_offset', String(offset))).catch(onFailure);
      },
    });
    const secret = await store.write((db) => setting(db, 'secret', () => randomBytes(32).toString('hex')));
    const tokens = createTokens(secret);
    const underWay = createUnderWay(join(dataDir, 'under-way'));
    undo.push(() => underWay.close());
    const executions = new Executions(store, clock, secret, tokens, underWay, onFailure);
    const logs = new LogStore(store, clock);
    const s3 = createS3({ store, directory: objectsDir, clock, region });
    await s3.recover();
    if (!s3.objects.bucketExists('local-bucket')) await s3.objects.createBucket('local-bucket');
    const evaluator = createEvaluator();
    undo.push(() => evaluator.stop());
    const mapRuns = new MapRuns(store, s3.objects, clock, executions, evaluator.evaluate, onFailure);
    let endpoint = '';
    let eventSources: EventSources | undefined;
    const functions = createFunctions({
      functions: options.functions,
      base: options.functionsBase ?? process.cwd(),
      lambdaEndpoint: options.lambdaEndpoint,
      host: createFunctionHost(store, s3.objects, clock, tokens, executions),
      endpoint: () => endpoint,
      region,
      account,
      log,
      now: () => clock.now(),
      writeLog(group, stream, events) {
        if (!closed) logs.write(group, stream, events).catch(onFailure);
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
    executions.performers = {
      invoke: (task, row, signal) =>
        isActivity(task.resource) ? activities.schedule(task, row, signal) : invoke(task, row, signal),
      evaluate: evaluator.evaluate,
      submitted: (parent, taskId) => started.submitted(parent, taskId),
      cancel: (parent, taskId) => started.cancel(parent.row, taskId),
      startMapRun: (parent, effect) => mapRuns.start(parent, effect),
      stopMapRun: (arn) => mapRuns.stop(arn),
      eventLog: (db, row) => createEventLog(logs, loggingConfiguration(db, row), row),
      childEnding: (row) => mapRuns.childEnding(row) ?? started.childEnding(row),
    };
    undo.push(() => {
      executions.halt();
      mapRuns.halt();
    });
    await registerMachines(store, executions, clock.now(), options.machines ?? {});
    executions.load();
    mapRuns.load();
    const operations = statesOperations(states);
    if (options.template !== undefined)
      undo.push(await followTemplate(options.template, { operations, logs, log, env: options.env ?? {} }));

    const buckets = new TokenBuckets(() => performance.now());
    const limited = (operations: JsonOperations, quotaOf: QuotaOf): JsonOperations =>
      options.throttle ? throttled(operations, quotaOf, buckets) : operations;
    const listener = createRouter({
      json: [
        {
          target: 'AWSStepFunctions',
          contentType: 'application/x-amz-json-1.0',
          errorNamespace: 'com.amazonaws.swf.service.v2.model',
          operations: limited(operations, statesQuotas(store)),
        },
        logsService({ store, clock, logs }, (served) => limited(served, logsQuotas)),
      ],
      lambda: functions.handle,
      s3: s3.handle,
      own: {
        health: async (_, response) =>
          sendJson(response, 200, {
            status: 'ok',
            dataDir,
            pid: process.pid,
            running: executions.live.size,
            throttle: options.throttle ?? false,
          }),
        clock: clockApi(clock),
      },
      allowedHosts: new Set((options.allowedHosts ?? []).map((name) => name.toLowerCase())),
    });
    const host = options.host ?? '127.0.0.1';
    const server = await listen(listener, host, options.port ?? 0);
    undo.push(() => close(server));
    if (options.s3Port !== undefined) {
      const second = await listen(listener, host, options.s3Port);
      undo.push(() => close(second));
    }
    const address = server.address() as AddressInfo;
    endpoint = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    lock.register({ pid: process.pid, endpoint, startedAt: new Date(clock.now()).toISOString() });

    let resumed = false;
    const resume = (): void => {
      if (resumed) return;
      resumed = true;
      mapRuns.recover();
      executions.recover().catch(onFailure);
      started.recover();
    };
    if (options.execute !== false) resume();
    eventSources = startEventSources({
      sources: options.execute === false ? [] : (options.eventSources ?? []),
      store,
      invoke: functions.invoke,
      hold: () => clock.hold(),
      functionName: soleName(options.functions) ?? frameworkFunction,
      log,
    });
    undo.push(() => eventSources?.stop());
    const { objects } = s3;
    undo.push(keepRetention({ store, objects, clock, days: options.retentionDays, onFailure }));
    let stopping: Promise<void> | undefined;
    return { endpoint, dataDir, resume, stop: () => (stopping ??= unwind(undo)) };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
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

function listen(listener: RequestListener, host: string, port: number): Promise<Server> {
  // Uploads of large files take their time; node would cut them after five minutes.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, listener);
  return new Promise((resolvePromise, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolvePromise(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolvePromise) => {
    server.close(() => resolvePromise());
    server.closeAllConnections();
  });
}

/** Takes down what was set up, last first. */
async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** One line of the server's log. */
const faultLine = (error: unknown, execution?: string): string =>
  `${execution ? `${execution} failed` : 'mbc-flow'}: ${error instanceof Error ? error.message : String(error)}`;
