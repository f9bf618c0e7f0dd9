/** An import machine of the shape that the framework's documentation shows: a limit of bytes alone for its batches. */
export const documentedImportMachine = (row: object, Label = 'import-csv') => ({
  StartAt: 'import-csv',
  States: {
    'import-csv': {
      Type: 'Map',
      Label,
      MaxConcurrency: 50,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
      },
      ItemBatcher: { MaxInputBytesPerBatch: 10, BatchInput: { 'Attributes.$': '$' } },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: 'csv_rows_handler',
        States: { csv_rows_handler: row },
      },
      End: true,
    },
  },
});
