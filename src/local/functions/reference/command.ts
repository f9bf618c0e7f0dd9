import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import type { FunctionHost } from '../../ports.js';
import { member, type StepEvent } from './step-event.js';

/**
 * The states of the command machine over a small durable store: command rows by `<table> <pk> <sk>@<version>`, the
 * data row (the version that is in force) by `<table> <pk> <sk>`. A version whose predecessor is unfinished
 * waits on its task token, and is resumed when the predecessor finishes.
 */
export async function commandStep(host: FunctionHost, event: StepEvent): Promise<Json> {
  const command = commandOf(event.executionInput);
  switch (event.stateName) {
    case 'check_version':
      return await checkVersion(host, command);
    case 'wait_prev_command':
      return await waitForPrevious(host, command, event.taskToken);
    case 'set_ttl_command':
    case 'history_copy':
      return { result: 'ok' };
    case 'transform_data':
      return [{ prevStateName: 'transform_data', result: 'ReferenceDataSyncHandler' }];
    case 'sync_data':
    case 'sync_data_all':
      return await syncData(host, command);
    case 'finish':
      return await finish(host, command);
    default:
      throw new Error(`the built-in functions do not support the step ${event.stateName}`);
  }
}

interface Command {
  /** Key of the entity: `<table> <pk> <sk without version>`. */
  entity: string;
  version: number;
}
interface CommandRow {
  status: string;
  taskToken?: string;
}

const rowKey = ({ entity }: Command, version: number): string => `command ${entity}@${version}`;
const dataKey = ({ entity }: Command): string => `data ${entity}`;

/** From the stream record that is the execution's input: `dynamodb.NewImage` in DynamoDB's marshalled form. */
function commandOf(record: Json): Command {
  const image = member(record, 'dynamodb', 'NewImage');
  if (!isObject(image)) {
    throw new Error(
      'the input of the command state machine is not a stream record (it has no dynamodb.NewImage): create one with mbc-flow trigger stream <table> <row.json>',
    );
  }
  const text = (name: string): string => String(member(image, name, 'S') ?? '');
  const [sk = '', skVersion] = text('sk').split('@');
  const table = /table\/([^/]+)/.exec(String(member(record, 'eventSourceARN') ?? ''))?.[1] ?? '';
  return {
    entity: `${table} ${text('pk')} ${sk}`,
    version: Number(member(image, 'version', 'N') ?? skVersion ?? 0),
  };
}

/**
 * A new row of a command table came by its stream. Versions count on from the row before, so that one is there too,
 * though its own record may come later: a version that comes early waits for it.
 */
export async function commandPublished(host: FunctionHost, record: Json): Promise<void> {
  const command = commandOf(record);
  const { version } = command;
  for (const present of version > 1 ? [version - 1, version] : [version]) {
    await host.state.update<CommandRow>(rowKey(command, present), (row) => row ?? { status: 'CREATED' });
  }
}

async function checkVersion(host: FunctionHost, command: Command): Promise<JsonObject> {
  await setStatus(host, command, 'check_version:STARTED');
  const next = 1 + (host.state.get<number>(dataKey(command)) ?? 0);
  await setStatus(host, command, 'check_version:FINISHED');
  if (next === command.version) return { result: 0 };
  if (next > command.version) {
    return {
      result: -1,
      error: 'version is not match',
      cause: `next version must be ${next} but got ${command.version}`,
    };
  }
  const previous = host.state.get<CommandRow>(rowKey(command, command.version - 1));
  return { result: previous ? 1 : 0 };
}

/** Stores the token; where the predecessor has finished in the meantime, nobody else would wake us. */
async function waitForPrevious(
  host: FunctionHost,
  command: Command,
  token: string | undefined,
): Promise<Json> {
  await host.state.update<CommandRow>(rowKey(command, command.version), (row) => ({
    ...row,
    status: 'wait_prev_command:FINISHED',
    ...(token !== undefined && { taskToken: token }),
  }));
  const previous = host.state.get<CommandRow>(rowKey(command, command.version - 1));
  if (token !== undefined && previous?.status === 'finish:FINISHED')
    await resume(host, token, command.version - 1);
  return { result: { token: 'stored' } };
}

async function syncData(host: FunctionHost, command: Command): Promise<Json> {
  await host.state.update<number>(dataKey(command), (version = 0) => Math.max(version, command.version));
  await setStatus(host, command, 'sync_data:FINISHED');
  return { result: 'ok' };
}

async function finish(host: FunctionHost, command: Command): Promise<Json> {
  await setStatus(host, command, 'finish:FINISHED');
  const waiting = host.state.get<CommandRow>(rowKey(command, command.version + 1));
  if (waiting?.taskToken !== undefined) await resume(host, waiting.taskToken, command.version);
  return null;
}

async function resume(host: FunctionHost, token: string, prevVersion: number): Promise<void> {
  const output = JSON.stringify({ Payload: [[{ result: 'resumed_by_prev_version', prevVersion }]] });
  await host.sendTaskSuccess(token, output);
}

async function setStatus(host: FunctionHost, command: Command, status: string): Promise<void> {
  await host.state.update<CommandRow>(rowKey(command, command.version), (row) => ({ ...row, status }));
}
