import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  type DescribeStateMachineCommandOutput,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  ListStateMachineAliasesCommand,
  ListStateMachinesCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  TestStateCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '../asl/engine/history-event.js';
import { FlowError } from '../errors.js';
import type {
  ExecutionDescription,
  ExecutionSummary,
  MapRunDescription,
  StateMachineDescription,
  StateMachineSummary,
  StepFunctionsGateway,
  SyncExecution,
  TriedState,
} from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** Step Functions over the AWS SDK. */
export function createStatesGateway(settings: ClientSettings): StepFunctionsGateway {
  const client = equip(new SFNClient(sdkConfig(settings)), settings);
  const syncClient = () => equip(new SFNClient(sdkConfig(settings, 'StartSyncExecution')), settings);
  const send = sender(settings, 'Step Functions');
  const paged = send.paged;

  return {
    async *listStateMachines() {
      const all = paged(
        'ListStateMachines',
        (nextToken) => client.send(new ListStateMachinesCommand({ maxResults: 1000, nextToken })),
        ({ stateMachines }) => stateMachines,
      );
      for await (const page of all) yield* (page.stateMachines ?? []) as StateMachineSummary[];
    },

    async describeStateMachine(stateMachineArn) {
      const machine = await send('DescribeStateMachine', () =>
        client.send(new DescribeStateMachineCommand({ stateMachineArn })),
      );
      return { ...machine, ...observation(machine) } as StateMachineDescription;
    },

    async describeStateMachineForExecution(executionArn) {
      const machine = await send('DescribeStateMachineForExecution', () =>
        client.send(new DescribeStateMachineForExecutionCommand({ executionArn })),
      );
      return {
        ...machine,
        ...observation(machine),
        type: 'STANDARD',
        creationDate: machine.updateDate,
      } as StateMachineDescription;
    },

    async *listVersions(stateMachineArn) {
      const all = paged(
        'ListStateMachineVersions',
        (nextToken) => client.send(new ListStateMachineVersionsCommand({ stateMachineArn, nextToken })),
        ({ stateMachineVersions }) => stateMachineVersions,
      );
      for await (const { stateMachineVersions = [] } of all)
        for (const { stateMachineVersionArn = '', creationDate = new Date(0) } of stateMachineVersions)
          yield { versionArn: stateMachineVersionArn, creationDate };
    },

    async *listAliases(stateMachineArn) {
      const all = paged(
        'ListStateMachineAliases',
        (nextToken) => client.send(new ListStateMachineAliasesCommand({ stateMachineArn, nextToken })),
        ({ stateMachineAliases }) => stateMachineAliases,
      );
      for await (const { stateMachineAliases = [] } of all)
        for (const { stateMachineAliasArn = '', creationDate = new Date(0) } of stateMachineAliases)
          yield { aliasArn: stateMachineAliasArn, creationDate };
    },

    async describeAlias(aliasArn) {
      const alias = await send('DescribeStateMachineAlias', () =>
        client.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: aliasArn })),
      );
      const routes = (alias.routingConfiguration ?? []).map(
        ({ stateMachineVersionArn = '', weight = 0 }) => ({
          versionArn: stateMachineVersionArn,
          weight,
        }),
      );
      return { aliasArn, name: alias.name ?? aliasArn.split(':').at(-1) ?? '', routes };
    },

    async tags(resourceArn) {
      const { tags = [] } = await send('ListTagsForResource', () =>
        client.send(new ListTagsForResourceCommand({ resourceArn })),
      );
      return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
    },

    async updateDefinition(stateMachineArn, definition) {
      await send('UpdateStateMachine', () =>
        client.send(new UpdateStateMachineCommand({ stateMachineArn, definition })),
      );
    },

    async createStateMachine(machine) {
      const created = await send('CreateStateMachine', () =>
        client.send(new CreateStateMachineCommand(machine)),
      );
      return created.stateMachineArn ?? '';
    },

    async startExecution(start) {
      const started = await send('StartExecution', () => client.send(new StartExecutionCommand(start)));
      return {
        executionArn: started.executionArn ?? '',
        startDate: started.startDate ?? new Date(settings.now()),
      };
    },

    async startSyncExecution(start) {
      return (await send('StartSyncExecution', () =>
        syncClient().send(new StartSyncExecutionCommand(start)),
      )) as SyncExecution;
    },

    async testState(trial) {
      const tried = await send('TestState', () =>
        syncClient().send(new TestStateCommand({ ...trial, inspectionLevel: 'DEBUG' })),
      );
      const { status, output, error, cause, nextState, inspectionData = {} } = tried;
      const inspection = { ...inspectionData };
      return { status, output, error, cause, nextState, inspection } as TriedState;
    },

    async redriveExecution(executionArn) {
      // The same token for all attempts of this call: a repeated request redrives once.
      const clientToken = crypto.randomUUID();
      const redriven = await send('RedriveExecution', () =>
        client.send(new RedriveExecutionCommand({ executionArn, clientToken })),
      );
      return { redriveDate: redriven.redriveDate ?? new Date(settings.now()) };
    },

    async stopExecution(executionArn, why) {
      const stopped = await send('StopExecution', () =>
        client.send(new StopExecutionCommand({ executionArn, ...why })),
      );
      return { stopDate: stopped.stopDate ?? new Date(settings.now()) };
    },

    async sendTaskSuccess(answer) {
      await keepingSecret(answer.taskToken, () =>
        send('SendTaskSuccess', () => client.send(new SendTaskSuccessCommand(answer))),
      );
    },

    async sendTaskFailure(answer) {
      await keepingSecret(answer.taskToken, () =>
        send('SendTaskFailure', () => client.send(new SendTaskFailureCommand(answer))),
      );
    },

    async sendTaskHeartbeat(taskToken) {
      await keepingSecret(taskToken, () =>
        send('SendTaskHeartbeat', () => client.send(new SendTaskHeartbeatCommand({ taskToken }))),
      );
    },

    async describeExecution(executionArn) {
      return (await send('DescribeExecution', () =>
        client.send(new DescribeExecutionCommand({ executionArn })),
      )) as ExecutionDescription;
    },

    async *listExecutions({ stateMachineArn, mapRunArn, status, atMost = 1000 }) {
      const all = paged(
        'ListExecutions',
        (nextToken) =>
          client.send(
            new ListExecutionsCommand({
              stateMachineArn,
              mapRunArn,
              statusFilter: status,
              maxResults: Math.min(atMost, 1000),
              nextToken,
            }),
          ),
        ({ executions }) => executions,
      );
      for await (const page of all) yield* (page.executions ?? []) as ExecutionSummary[];
    },

    async *historyPages(
      executionArn,
      { reverse = false, includeExecutionData = true, pageSize = 1000 } = {},
    ) {
      const all = paged(
        'GetExecutionHistory',
        (nextToken) =>
          client.send(
            new GetExecutionHistoryCommand({
              executionArn,
              reverseOrder: reverse,
              includeExecutionData,
              maxResults: pageSize,
              nextToken,
            }),
          ),
        ({ events }) => events,
      );
      for await (const page of all)
        yield (page.events ?? []).map(
          (event) => ({ ...event, timestamp: event.timestamp?.getTime() ?? 0 }) as HistoryEvent,
        );
    },

    async *listMapRuns(executionArn) {
      const all = paged(
        'ListMapRuns',
        (nextToken) => client.send(new ListMapRunsCommand({ executionArn, nextToken })),
        ({ mapRuns }) => mapRuns,
      );
      for await (const page of all)
        for (const { mapRunArn = '', startDate, stopDate } of page.mapRuns ?? [])
          yield { mapRunArn, startDate: startDate ?? new Date(0), stopDate };
    },

    async describeMapRun(mapRunArn) {
      return (await send('DescribeMapRun', () =>
        client.send(new DescribeMapRunCommand({ mapRunArn })),
      )) as MapRunDescription;
    },
  };
}

/** Where a machine's logs and traces go. */
function observation(
  machine: Pick<DescribeStateMachineCommandOutput, 'loggingConfiguration' | 'tracingConfiguration'>,
) {
  const { destinations, level, includeExecutionData } = machine.loggingConfiguration ?? {};
  return {
    logGroupArn: destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn,
    logLevel: level,
    includeExecutionData,
    tracingEnabled: machine.tracingConfiguration?.enabled,
  };
}

/** AWS quotes the value that it refuses: a task token must not come to light in an error. */
async function keepingSecret(secret: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof FlowError) || secret === '' || !error.message.includes(secret)) throw error;
    const { exitCode, code, where, hint } = error;
    throw new FlowError(exitCode, code, error.message.replaceAll(secret, '<redacted>'), { where, hint });
  }
}
