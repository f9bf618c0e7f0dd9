import { ImportSfnEvent } from '../../src/import/import.sfn.event'
import { ImportSfnEventHandler } from '../../src/import/import.sfn.event.handler'

const context: any = {
  State: { Name: 'csv_rows_handler' },
  StateMachine: { Id: 'import-csv', Name: 'import-csv' },
}

describe('ImportSfnEventHandler', () => {
  it('says which rows failed, and why', async () => {
    const input = { Items: [{ id: '1' }, { id: '' }] }
    const reply = await new ImportSfnEventHandler().execute(
      new ImportSfnEvent({ input, context }),
    )
    expect(reply).toEqual({
      totalRows: 2,
      succeededRows: 1,
      failedRows: 1,
      failures: [{ index: 1, reason: 'id is empty' }],
    })
  })
})
