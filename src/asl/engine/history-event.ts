/**
 * One event of an execution's history, in the shape of GetExecutionHistory: `type` names the event and the
 * details stand under AWS's own key for it (`taskScheduledEventDetails`, …). Inputs and outputs are JSON text.
 * The one difference from the wire: `timestamp` is epoch milliseconds (the wire has epoch seconds as a float).
 */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  /** Epoch milliseconds. */
  timestamp: number;
  type: string;
  [details: string]: unknown;
}
