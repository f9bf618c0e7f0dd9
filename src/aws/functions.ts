import {
  type EventSourceMappingConfiguration,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  InvokeCommand,
  LambdaClient,
  type ListEventSourceMappingsCommandInput,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { FunctionGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** Lambda over the AWS SDK. */
export function createFunctionGateway(settings: ClientSettings): FunctionGateway {
  const client = equip(new LambdaClient(sdkConfig(settings)), settings);
  const invoker = () => equip(new LambdaClient(sdkConfig(settings, 'Invoke')), settings);
  const send = sender(settings, 'Lambda');
  const configurationOf = (FunctionName: string): Promise<GetFunctionConfigurationCommandOutput> =>
    send('GetFunctionConfiguration', () =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName })),
    );
  const listMappings = (
    input: ListEventSourceMappingsCommandInput,
  ): Promise<EventSourceMappingConfiguration[]> =>
    send('ListEventSourceMappings', async () => {
      const found: EventSourceMappingConfiguration[] = [];
      for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, input))
        for (const mapping of EventSourceMappings) found.push(mapping);
      return found;
    });
  return {
    async environment(functionName) {
      const { Environment } = await configurationOf(functionName);
      return Environment?.Variables ?? {};
    },
    async logGroup(functionName) {
      const { LoggingConfig, FunctionName = functionName } = await configurationOf(functionName);
      return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
    },
    async eventSources(functionName) {
      const mappings = await listMappings({ FunctionName: functionName });
      return mappings.map(({ EventSourceArn = '', State = '', LastProcessingResult }) => ({
        arn: EventSourceArn,
        state: State,
        lastResult: LastProcessingResult,
      }));
    },
    async eventSourceMappings() {
      return (await listMappings({})).flatMap(({ EventSourceArn, FunctionArn, FilterCriteria }) =>
        EventSourceArn === undefined || FunctionArn === undefined
          ? []
          : {
              eventSourceArn: EventSourceArn,
              functionArn: FunctionArn,
              filters: (FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
            },
      );
    },
    async invoke(functionName, payload) {
      const reply = await send('Invoke', () =>
        invoker().send(
          new InvokeCommand({
            FunctionName: functionName,
            Payload: new TextEncoder().encode(payload),
            LogType: 'Tail',
          }),
        ),
      );
      return {
        statusCode: reply.StatusCode ?? 200,
        functionError: reply.FunctionError,
        payload: reply.Payload?.transformToString() ?? '',
        log: reply.LogResult === undefined ? undefined : Buffer.from(reply.LogResult, 'base64').toString(),
        requestId: reply.$metadata.requestId,
      };
    },
  };
}
