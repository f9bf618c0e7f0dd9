import type { JsonObject } from '../../json/json.js';
import type { DraftRecord } from './draft-records.js';

/** One invocation: a batch of one record. */
export interface PlannedEvent extends DraftRecord {
  event: { Records: [JsonObject] };
  /** Left out by the filters: AWS would not call the function. */
  filtered: boolean;
}
