import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';
import type { FunctionGateway } from './gateways.js';

/** Lambda over the AWS SDK. */
export function createFunctionGateway(settings: ClientSettings): FunctionGateway {
  const client = equip(new LambdaClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'Lambda');
  return {
    async environment(functionName) {
      const { Environment } = await send('GetFunctionConfiguration', () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
      );
      return Environment?.Variables ?? {};
    },
    async logGroup(functionName) {
      const { LoggingConfig, FunctionName = functionName } = await send('GetFunctionConfiguration', () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
      );
      return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
    },
    async eventSources(functionName) {
      return await send('ListEventSourceMappings', async () => {
        const found = [];
        for await (const page of paginateListEventSourceMappings({ client }, { FunctionName: functionName }))
          for (const { EventSourceArn = '', State = '', LastProcessingResult } of page.EventSourceMappings ??
            [])
            found.push({ arn: EventSourceArn, state: State, lastResult: LastProcessingResult });
        return found;
      });
    },
    async eventSourceMappings() {
      return await send('ListEventSourceMappings', async () => {
        const found = [];
        for await (const page of paginateListEventSourceMappings({ client }, {}))
          for (const { EventSourceArn, FunctionArn, FilterCriteria } of page.EventSourceMappings ?? [])
            if (EventSourceArn !== undefined && FunctionArn !== undefined)
              found.push({
                eventSourceArn: EventSourceArn,
                functionArn: FunctionArn,
                filters: (FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
              });
        return found;
      });
    },
    async invoke(functionName, payload) {
      const reply = await send('Invoke', () =>
        client.send(
          new InvokeCommand({ FunctionName: functionName, Payload: new TextEncoder().encode(payload) }),
        ),
      );
      return {
        statusCode: reply.StatusCode ?? 200,
        functionError: reply.FunctionError,
        payload: reply.Payload?.transformToString() ?? '',
        requestId: reply.$metadata.requestId,
      };
    },
  };
}
