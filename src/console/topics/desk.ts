import type { Attention } from '../../operations/desk/poll-target.js';
import type { DeskData, DeskExecution, DeskStep, Looked } from '../../operations/desk/snapshot.js';
import { executionListDocument } from '../../views/execution/list.js';
import type { ExecutionRow, PausedRow, TopicFacts } from '../api.js';
import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';

/** The lists that a desk keeps fresh: executions, paused steps, imports and batches, machines. */
export function deskTopics(console: Console): Record<string, FillTopic> {
  /** Fills a topic with one of the lists. `row`: called again only for rows that were replaced. */
  const topicOf =
    <T extends object, Row extends object>(
      list: Attention['list'],
      of: (data: DeskData) => Looked<T>,
      keyOf: (one: T) => string,
      rowOf: (one: T) => Row,
    ): FillTopic =>
    async (_id, feed, signal) => {
      let told: readonly T[] | undefined;
      const made = new WeakMap<T, Row>();
      const remade = (one: T): Row => {
        let row = made.get(one);
        if (!row) {
          row = rowOf(one);
          made.set(one, row);
        }
        return row;
      };
      for await (const data of console.desk.data(list, signal)) {
        const looked = of(data);
        if (looked.rows !== told) {
          told = looked.rows;
          feed.replace(rowsOf(looked.rows, keyOf, remade));
        }
        feed.tell(factsOf(looked, data));
      }
    };
  return {
    executions: topicOf('executions', ({ executions }) => executions, executionKey, executionRow),
    paused: topicOf(
      'paused',
      ({ paused }) => paused,
      ({ key }) => key,
      pausedRow,
    ),
    jobs: topicOf(
      'jobs',
      ({ jobs }) => jobs,
      ({ kind, key }) => `${kind} ${key}`,
      (job) => job,
    ),
    machines: topicOf(
      'machines',
      ({ machines }) => machines,
      ({ stateMachineArn }) => stateMachineArn,
      (one) => one,
    ),
  };
}

function* rowsOf<T, Row>(
  all: readonly T[],
  keyOf: (one: T) => string,
  rowOf: (one: T) => Row,
): Generator<[string, Row]> {
  for (const one of all) yield [keyOf(one), rowOf(one)];
}

const executionKey = ({ executionArn }: DeskExecution): string => executionArn;

const executionRow = ({ error, why, ...execution }: DeskExecution): ExecutionRow =>
  executionListDocument({ ...execution, ...(why !== undefined && { failure: { error, message: why } }) });

const pausedRow = ({ key: _, execution, ...step }: DeskStep): PausedRow => ({
  ...step,
  executionArn: execution.executionArn,
  executionName: execution.name,
});

/** A second's accuracy is enough: each look would be news otherwise. */
const factsOf = ({ at, more, missing }: Looked<unknown>, { trouble }: DeskData): TopicFacts => ({
  at: at === undefined ? undefined : Math.floor(at / 1_000) * 1_000,
  more,
  missing,
  trouble,
});
