import { commandVersion } from '../../../framework/command/version-chain.js';
import { isObject, type Json, parsedJson } from '../../../json/json.js';
import type { Gateways, TableItem } from '../../../ports/aws.js';
import { failureText } from '../../../workflow/failure/cause.js';

/** The partitions of command tables that an import's commands are in. */
interface Place {
  table: string;
  pk: string;
}

/** A command of the import whose execution did not end well. */
export interface FailedCommand {
  executionArn: string;
  table: string;
  pk: string;
  sk: string;
  reason: string;
  /** The command itself. */
  data: Json;
}

export interface PublishedCommands {
  /** Through to its data row. */
  stored: number;
  failed: FailedCommand[];
  /** On their way. */
  running: number;
}

/** Executions of the command machine that are looked into at a time, to learn where the commands are. */
const mostSamples = 20;
const mostFailures = 1_000;
/** Clocks differ. */
const slack = 60_000;

/**
 * Reads what became of the commands of an import: they bear its job's id as `source`. Their rows are read by partition,
 * which a few of their executions tell, so that no call is made for each row; executions are asked for failures only.
 */
export function createCommandReader(
  { states, tables }: Pick<Gateways, 'states' | 'tables'>,
  of: { jobId: string; commandMachineArn: string; since: number },
) {
  const places = new Map<string, Place>();
  const failures = new Map<string, FailedCommand>();
  const looked = new Set<string>();

  const describe = async (
    executionArn: string,
  ): Promise<{ place: Place & { sk: string }; data: Json; reason: string } | undefined> => {
    const { input, error, cause } = await states.describeExecution(executionArn);
    const command = commandVersion(input);
    const image = imageIn(input);
    if (!command || textIn(image.source) !== of.jobId) return undefined;
    const sk = textIn(image.sk) ?? command.sk;
    return {
      place: { table: command.table, pk: command.pk, sk },
      data: image,
      reason: failureText(error, cause),
    };
  };

  const learnPlaces = async (): Promise<void> => {
    let samples = 0;
    for await (const { executionArn, startDate } of states.listExecutions({
      stateMachineArn: of.commandMachineArn,
      atMost: 100,
    })) {
      if (startDate.getTime() < of.since - slack || samples >= mostSamples) return;
      if (looked.has(executionArn)) continue;
      looked.add(executionArn);
      samples++;
      const found = await describe(executionArn);
      if (found) places.set(`${found.place.table} ${found.place.pk}`, found.place);
    }
  };

  const learnFailures = async (): Promise<void> => {
    for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const) {
      for await (const { executionArn, startDate } of states.listExecutions({
        stateMachineArn: of.commandMachineArn,
        status,
        atMost: 100,
      })) {
        if (startDate.getTime() < of.since - slack) break;
        if (failures.has(executionArn) || looked.has(`${status} ${executionArn}`)) continue;
        if (looked.size > mostFailures) return;
        looked.add(`${status} ${executionArn}`);
        const found = await describe(executionArn);
        if (!found) continue;
        const { place, ...rest } = found;
        places.set(`${place.table} ${place.pk}`, place);
        failures.set(executionArn, { executionArn, ...place, ...rest });
      }
    }
  };

  return {
    /** @param enough so many are all of them: no more places are looked for */
    async read(enough: number): Promise<PublishedCommands> {
      await learnFailures();
      let found = await count();
      if (found.stored + found.failed.length + found.running < enough) {
        const known = places.size;
        await learnPlaces();
        if (places.size > known) found = await count();
      }
      return found;
    },
    /** The commands themselves, whole. */
    async *all(): AsyncGenerator<TableItem> {
      for (const { table, pk } of places.values())
        yield* tables.query(table, { pk, where: { name: 'source', value: of.jobId } });
    },
  };

  async function count(): Promise<PublishedCommands> {
    const failed = [...failures.values()];
    const failedKeys = new Set(failed.map(({ table, pk, sk }) => [table, pk, sk].join(' ')));
    let stored = 0;
    let running = 0;
    for (const { table, pk } of places.values()) {
      const where = { name: 'source', value: of.jobId };
      for await (const { sk, status } of tables.query(table, { pk, where, only: ['sk', 'status'] })) {
        // A command whose execution failed may say that its last step was finished.
        if (failedKeys.has([table, pk, String(sk)].join(' '))) continue;
        if (isFinished(status)) stored++;
        else running++;
      }
    }
    return { stored, failed, running };
  }
}

const isFinished = (status: unknown): boolean =>
  status === 'finish:FINISHED' || status === 'publish_sync:FINISHED';

const imageIn = (input: string | undefined): { [name: string]: Json } => {
  const record = parsedJson(input);
  const stream = isObject(record) && isObject(record.dynamodb) ? record.dynamodb : {};
  return isObject(stream.NewImage) ? stream.NewImage : {};
};

const textIn = (attribute: Json | undefined): string | undefined =>
  isObject(attribute) && typeof attribute.S === 'string' ? attribute.S : undefined;
