import * as cdk from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sfn from 'aws-cdk-lib/aws-stepfunctions'
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Construct } from 'constructs'

export interface LambdaStateOptions {
  /** Pauses until somebody answers with its task token, up to this timeout. */
  waitsFor?: cdk.Duration
  /** What it is answered with is its output as it is, not in the shape of a reply. */
  rawAnswer?: boolean
  comment?: string
}

/**
 * A state that calls the application's function. The framework routes by
 * `context` (without it the event is rejected) and replies with a list per
 * event, which contains a result per handler.
 */
export function lambdaState(
  scope: Construct,
  stateName: string,
  handler: lambda.IFunction,
  { waitsFor, rawAnswer, comment }: LambdaStateOptions = {},
): sfn.TaskStateBase {
  const state = new tasks.LambdaInvoke(scope, stateName, {
    stateName,
    comment,
    lambdaFunction: handler,
    payload: sfn.TaskInput.fromObject({
      input: sfn.JsonPath.entirePayload,
      context: sfn.JsonPath.entireContext,
      ...(waitsFor && { taskToken: sfn.JsonPath.taskToken }),
    }),
    integrationPattern: waitsFor
      ? sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN
      : sfn.IntegrationPattern.REQUEST_RESPONSE,
    outputPath: rawAnswer ? undefined : '$.Payload[0][0]',
    // Without a timeout a state waits for a year. The function's own is 30 seconds.
    taskTimeout: sfn.Timeout.duration(waitsFor ?? cdk.Duration.minutes(1)),
    retryOnServiceExceptions: false,
  })
  // Lambda service errors, including throttling. Errors of the function are not
  // retried: all of them are reported as Runtime.UnhandledPromiseRejection.
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
