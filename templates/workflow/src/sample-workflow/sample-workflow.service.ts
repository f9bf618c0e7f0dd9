// #if waits
import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
} from '@aws-sdk/client-sfn'
// #end
import { StepFunctionService } from '@mbc-cqrs-serverless/core'
import { Injectable } from '@nestjs/common'
import { ConfigService } from '@nestjs/config'

import { SampleWorkflowExecutionInput } from './handler/sample-workflow.sfn.event'

@Injectable()
export class SampleWorkflowService {
  constructor(
    private readonly stepFunctions: StepFunctionService,
    private readonly config: ConfigService,
  ) {}

  /**
   * Starts the workflow and returns the execution's ARN. With a name, the same
   * name and input twice are one execution; at most 79 of A-Z a-z 0-9 - _.
   */
  async start(
    input: SampleWorkflowExecutionInput,
    name?: string,
  ): Promise<string | undefined> {
    const { executionArn } = await this.stepFunctions.startExecution(
      this.config.getOrThrow<string>('SFN_SAMPLE_WORKFLOW_ARN'),
      input,
      name,
    )
    return executionArn
  }
  // #if waits

  /** Answers a waiting state, which then hands `answer` on. A token works once. */
  async answer(taskToken: string, answer: object): Promise<void> {
    await this.stepFunctions.client.send(
      new SendTaskSuccessCommand({
        taskToken,
        output: JSON.stringify($answer),
      }),
    )
  }

  /** Fails a waiting state. */
  async refuse(
    taskToken: string,
    error: string,
    cause?: string,
  ): Promise<void> {
    await this.stepFunctions.client.send(
      new SendTaskFailureCommand({ taskToken, error, cause }),
    )
  }
  // #end
}
