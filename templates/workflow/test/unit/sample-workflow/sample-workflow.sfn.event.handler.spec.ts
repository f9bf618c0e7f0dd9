// #if vitest
import { describe, expect, it } from 'vitest'

// #end
import { SampleWorkflowSfnEvent } from '../../../src/sample-workflow/handler/sample-workflow.sfn.event'
import { SampleWorkflowSfnEventHandler } from '../../../src/sample-workflow/handler/sample-workflow.sfn.event.handler'

const inState = (Name: string, input: object) =>
  new SampleWorkflowSfnEvent<any>({
    input,
    context: {
      Execution: {
        Id: 'arn:aws:states:ap-northeast-1:101010101010:execution:sample-workflow:e-1',
        Input: input,
        Name: 'e-1',
        RoleArn: 'arn:aws:iam::101010101010:role/DummyRole',
        StartTime: '2026-01-01T00:00:00.000Z',
      },
      State: { Name, EnteredTime: '2026-01-01T00:00:01.000Z', RetryCount: 0 },
      StateMachine: {
        Id: 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:sample-workflow',
        Name: 'sample-workflow',
      },
    },
  })

describe('SampleWorkflowSfnEventHandler', () => {
  const handler = new SampleWorkflowSfnEventHandler()

  // #each state
  it('works in $stateName', async () => {
    const event = inState('$stateName', $stateExampleInput)
    const output = await handler.execute(event)
    expect(output).toMatchObject($stateExampleOutput)
  })

  // #end
  it('fails in a state that it does not know', async () => {
    const event = inState('no such state', {})
    await expect(handler.execute(event)).rejects.toThrow('no work for')
  })
})
