import { definedStates } from '../../workflow/definition/definition-states.js';
import { readImportMachine } from './machine.js';

/** From which versions of the framework an import-csv machine has its shape, and what they are known for. */
export interface ImportShape {
  /** Undefined: no shape of the framework's. */
  since?: string;
  trouble?: string;
}

export function importShape(definition: string): ImportShape {
  const { mapState, batcher, finalizes } = readImportMachine(definition);
  if (mapState === undefined) return finalizes ? { since: 'the shape of the local environment' } : {};
  if (!finalizes)
    return {
      since: 'the shape of 1.1.4 and before',
      trouble:
        batcher?.maxInputBytesPerBatch !== undefined && batcher.maxItemsPerBatch === undefined
          ? 'one row a child execution, and no state that closes the job'
          : 'no state closes the job',
    };
  const map = definedStates(definition).find(({ name }) => name === mapState)?.state;
  if (map?.ResultWriter === undefined)
    return { since: 'the shape of 1.1.5 to 1.2.1', trouble: 'results over 256 KB fail the import' };
  return { since: 'the shape of 1.2.2 and later' };
}
