import * as cdk from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Construct } from 'constructs'

export interface LambdaStateOptions {
  /** Pauses until somebody answers with its task token, at most so long. */
  waitsFor?: cdk.Duration
}

/**
 * A state that the application's function does. The framework routes by
 * `context` (without it the event is refused) and replies with a list of lists:
 * one for each event, in it one for each handler.
 */
export function lambdaState(
  scope: Construct,
  stateName: string,
  handler: lambda.IFunction,
  { waitsFor }: LambdaStateOptions = {},
): sfn.TaskStateBase {
  const state = new tasks.LambdaInvoke(scope, stateName, {
    stateName,
    lambdaFunction: handler,
    payload: sfn.TaskInput.fromObject({
      input: sfn.JsonPath.entirePayload,
      context: sfn.JsonPath.entireContext,
      ...(waitsFor && { taskToken: sfn.JsonPath.taskToken }),
    }),
    integrationPattern: waitsFor
      ? sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN
      : sfn.IntegrationPattern.REQUEST_RESPONSE,
    outputPath: '$.Payload[0][0]',
    // Without one a state waits for a year. The function's own is 30 seconds.
    taskTimeout: sfn.Timeout.duration(waitsFor ?? cdk.Duration.minutes(1)),
    retryOnServiceExceptions: false,
  })
  // Lambda's own hiccups, throttling among them. The function's errors are not
  // retried: each is Runtime.UnhandledPromiseRejection, whatever it was.
  return state.addRetry({
    errors: [
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    interval: cdk.Duration.seconds(2),
    maxAttempts: 6,
    backoffRate: 2,
    jitterStrategy: sfn.JitterType.FULL,
  })
}
