import { resolve } from 'node:path';
import type { HistoryEvent } from '../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../errors.js';
import { localAccount, localRegion } from '../framework/conventions.js';
import { IN_MEMORY, type LocalServer, startLocalServer } from '../local/index.js';
import type { Decision } from '../workflow/answer/approval-decision.js';
import { parseDuration } from '../workflow/definition/duration.js';
import { redactedValue } from '../workflow/history/redact.js';
import { endOf } from '../workflow/rehearsal/rehearse.js';
import { createPlaces } from '../workflow/rehearsal/step-place.js';
import { createAnswering } from './answer-steps.js';
import { applicationEnvironment } from './application.js';
import { createCalls } from './calls.js';
import type { Core, CoreExecution, CoreOptions } from './core-types.js';
import { type Ask, askOf, statesInProcess } from './gateway.js';
import { type TestedMachine, testedMachines } from './machines.js';

export type { Core, CoreOptions } from './core-types.js';

/** A server of this process for one test, and what a test asks of it. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { folder, template, skip, startAt } = options;
  const machines = await testedMachines(options.machines, folder, template);
  const histories = new Map<string, HistoryEvent[]>();
  const calls = createCalls(options);
  const settings: Parameters<typeof startLocalServer>[0] = {
    dataDir: IN_MEMORY,
    timeScale: skip ? 0 : 1,
    clock: { stands: true, ...(startAt !== undefined && { startAt }) },
    functions: options.functions,
    functionsBase: folder,
    template: template === undefined ? undefined : resolve(folder, template),
    env: options.env,
    serviceEndpoints: options.endpoints,
    log: options.log,
    inProcess: {
      ...calls,
      happened(arn, events) {
        const known = histories.get(arn);
        if (known) for (const event of events) known.push(event);
        else histories.set(arn, [...events]);
      },
    },
  };
  const serve = (port?: number): Promise<LocalServer> => startLocalServer({ ...settings, port });
  // The port is another's now where two flows of one application run at once.
  const server = await (options.port === undefined ? serve() : serve(options.port).catch(() => serve()));
  const { clock } = server;
  const ask = askOf(server);
  const stop = (): Promise<void> => server.stop();
  try {
    for (const machine of machines) await register(ask, machine);
  } catch (error) {
    await stop();
    throw error;
  }
  const settle = async (): Promise<void> => {
    await clock.settle();
    calls.complain();
  };
  const answering = createAnswering(statesInProcess(ask), server);
  const env = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    SFN_ENDPOINT: server.endpoint,
    S3_ENDPOINT: server.endpoint,
  };
  return {
    endpoint: server.endpoint,
    env,
    now: () => clock.now(),
    environmentFor: (name, given) => applicationEnvironment(folder, name, given, env),
    async start(machine, input, name) {
      const request = { stateMachineArn: machineArn(machine), input, ...(name !== undefined && { name }) };
      const { executionArn } = await ask('StartExecution', request).catch((error: unknown) => {
        if (!(error instanceof FlowError) || error.code !== 'StateMachineDoesNotExist') throw error;
        throw new FlowError(exitCodes.notFound, 'MachineNotFound', `there is no state machine '${machine}'`, {
          hint: 'startFlow({ machines: … })',
        });
      });
      await settle();
      return String(executionArn);
    },
    read: (arn) => executionOf(arn, histories.get(arn) ?? [], clock.now()),
    settle,
    async advance(by) {
      const now = clock.now();
      await clock.advance(by === undefined ? (clock.next() ?? now) : now + millisecondsOf(by));
      await settle();
    },
    pending: () => answering.pending([...histories.keys()]),
    async decide(step, decision) {
      await answering.decide(step, JSON.parse(decision) as Decision, [...histories.keys()]);
      await settle();
    },
    sent: calls.sent,
    stop,
  };
}

function millisecondsOf(by: string | number): number {
  const milliseconds = typeof by === 'string' ? parseDuration(by) : by;
  if (milliseconds !== undefined && milliseconds >= 0) return milliseconds;
  const why = milliseconds === undefined ? `'${by}' is no duration` : 'time does not go back';
  throw new FlowError(exitCodes.usage, 'BadTime', why, {
    where: 'advance',
    hint: "a duration ('90s', '5m', '2h', '7d'), or { to: … }, a time that is not past",
  });
}

const machineArn = (machine: string): string =>
  machine.startsWith('arn:')
    ? machine
    : `arn:aws:states:${localRegion}:${localAccount}:stateMachine:${machine}`;

/** In the place of a built-in one of its name. */
async function register(ask: Ask, { name, definition, type }: TestedMachine): Promise<void> {
  const roleArn = `arn:aws:iam::${localAccount}:role/Test`;
  try {
    await ask('CreateStateMachine', { name, definition, type, roleArn });
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    if (error.code === 'StateMachineAlreadyExists')
      return void (await ask('UpdateStateMachine', { stateMachineArn: machineArn(name), definition }));
    throw new FlowError(exitCodes.usage, error.code, `state machine ${name} is not valid: ${error.message}`, {
      where: `machines.${name}`,
    });
  }
}

/** `previousEventId` and the like stay: a history as AWS tells it, but for tokens. */
function executionOf(arn: string, raw: readonly HistoryEvent[], now: number): CoreExecution {
  const events = raw.map(redactedValue);
  const { status, ...end } = endOf(events);
  const placeOf = createPlaces();
  const path = events.flatMap((event) => {
    const place = placeOf(event);
    if (!place || !event.type.endsWith('StateEntered')) return [];
    return [place.stateName + place.iterations.map((index) => `[${index}]`).join('')];
  });
  const began = events[0]?.timestamp ?? now;
  const ended = status === 'RUNNING' ? now : (events.at(-1)?.timestamp ?? now);
  return {
    arn,
    name: arn.split(':')[7] ?? arn,
    status: status as CoreExecution['status'],
    ...end,
    path,
    duration: ended - began,
    events: JSON.stringify(events),
  };
}
