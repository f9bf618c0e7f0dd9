import type { StepRow } from '../../../../api.js';

/** A row of the timeline: of the history, or an item of a Distributed Map, which is an execution of its own. */
export type TreeRow = Omit<StepRow, 'begunBy'> & { begunBy?: number; executionArn?: string };

/** Items of map runs as rows, by the map run's ARN. */
export type Items = ReadonlyMap<string, readonly (readonly [executionArn: string, row: TreeRow])[]>;
