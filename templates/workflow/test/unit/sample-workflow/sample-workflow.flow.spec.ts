import { join } from 'node:path'

import { type Flow, type FlowExecution, startFlow } from 'mbc-flow/testing'
// #if vitest
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// #end

/** The state machine, and behind its states the application's own handler. */
describe('sample-workflow', () => {
  let flow: Flow

  beforeAll(async () => {
    flow = await startFlow({
      folder: join(__dirname, '../../..'),
      machines: ['infra/state-machines/sample-workflow.asl.json'],
      // Loaded by startFlow, as the framework reads its environment while it loads.
      functions: {
        '*': {
          load: () => import('./sample-workflow.application'),
          env: { LOG_LEVEL: 'error' },
        },
      },
    })
    // #if rows
    const file = `${flow.endpoint}/local-bucket/sample-workflow.csv`
    await fetch(file, { method: 'PUT', body: 'id,name\n1,first\n' })
    // #end
  }, 60_000)
  afterAll(() => flow?.stop())

  const started = (): Promise<FlowExecution> =>
    flow.run('sample-workflow', $input)

  // #if approval
  it('goes on when it is approved', async () => {
    const execution = await started()
    await flow.approve(execution)
    // #if files
    await flow.resume(execution, { answer: { total: 3, succeeded: 3 } })
    // #end
    expect(execution.status).toBe('SUCCEEDED')
  })

  it('fails when it is rejected', async () => {
    const execution = await started()
    await flow.reject(execution, { reason: 'too expensive' })
    expect(execution.error).toBe('Rejected')
  })

  it('fails when nobody answers within a week', async () => {
    const execution = await started()
    await flow.advance('7d')
    expect(execution.error).toBe('States.Timeout')
  })
  // #end
  // #unless approval
  it('runs to its end', async () => {
    const execution = await started()
    // #if files
    await flow.resume(execution, { answer: { total: 3, succeeded: 3 } })
    // #end
    expect(execution.status).toBe('SUCCEEDED')
  })
  // #end
})
