import { exitCodes, FlowError } from '../../errors.js';
import type { ItemCounts } from '../../framework/task/item-results.js';
import { batchOfExecution, recordCounts } from '../../framework/task/task-record.js';
import type { ExecutionSummary, Gateways } from '../../ports/aws.js';
import type { BatchEntry, BatchJournal } from './batch-journal.js';

export interface ListedBatch {
  /** What `task show` takes: the name of a batch, the id of a record, the ARN of an execution. */
  batch: string;
  startedAt: number;
  /** The file that it was made of. */
  source?: string;
  /** As the framework's record says it. */
  recordStatus?: string;
  executions: { total: number; running: number; failed: number };
  /** Where they are known without looking into executions. */
  items?: Partial<ItemCounts> & { total: number };
}

interface Surroundings {
  gateways: Pick<Gateways, 'states' | 'tables'>;
  journal: BatchJournal;
  stateMachineArn: string;
  tasksTable?: string;
  tenant?: string;
  limit: number;
}

/**
 * The newest batches, whoever started them: those of the journal, the executions of the machine (grouped by what they
 * belong to), and the framework's records, where they can be read.
 */
export async function listBatches(around: Surroundings): Promise<ListedBatch[]> {
  const found = new Map<string, ListedBatch>();
  // A batch of ours that went through the framework's records is listed once, under its own name.
  const owners = new Map<string, string>();
  for (const name of (await around.journal.names()).slice(0, around.limit)) {
    const entry = await around.journal.read(name);
    if (!entry) continue;
    found.set(name, ofEntry(entry));
    for (const { code } of entry.shares) if (code !== undefined) owners.set(code, name);
  }
  const ownerOf = (batch: string): string => owners.get(batch.slice(batch.lastIndexOf('#') + 1)) ?? batch;
  const { states } = around.gateways;
  const { stateMachineArn, limit } = around;
  let seen = 0;
  for await (const execution of states.listExecutions({ stateMachineArn })) {
    add(found, execution, ownerOf);
    if (++seen >= limit * 10) break;
  }
  for await (const { executions, ...record } of records(around)) {
    const batch = ownerOf(record.batch);
    const known = found.get(batch);
    const { recordStatus } = record;
    found.set(
      batch,
      batch === record.batch || !known ? { executions, ...known, ...record } : { ...known, recordStatus },
    );
  }
  return [...found.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, limit);
}

function ofEntry({ batch, source, startedAt, shares, outcome }: BatchEntry): ListedBatch {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  return {
    batch,
    source,
    startedAt,
    executions: { total: 0, running: 0, failed: 0 },
    items: outcome?.items ?? { total },
  };
}

function add(
  found: Map<string, ListedBatch>,
  { executionArn, name, status, startDate }: ExecutionSummary,
  ownerOf: (batch: string) => string,
): void {
  const batch = ownerOf(batchOfExecution(name) ?? executionArn);
  const known = found.get(batch);
  const listed = known ?? {
    batch,
    startedAt: startDate.getTime(),
    executions: { total: 0, running: 0, failed: 0 },
  };
  listed.executions.total++;
  if (status === 'RUNNING') listed.executions.running++;
  else if (status !== 'SUCCEEDED') listed.executions.failed++;
  // The newest comes first.
  if (!known?.source) listed.startedAt = Math.min(listed.startedAt, startDate.getTime());
  found.set(batch, listed);
}

async function* records({ gateways, tasksTable, tenant, limit }: Surroundings) {
  if (tasksTable === undefined || tenant === undefined) return;
  let seen = 0;
  try {
    const pk = `SFN_TASK#${tenant}`;
    for await (const item of gateways.tables.query(tasksTable, { pk, reverse: true })) {
      const record = recordCounts(item);
      if (!record) continue;
      yield { executions: { total: 0, running: 0, failed: 0 }, ...record };
      if (++seen >= limit) return;
    }
  } catch (error) {
    // The list is good without them.
    const quiet = [exitCodes.denied, exitCodes.notFound, exitCodes.unreachable];
    if (!(error instanceof FlowError) || !quiet.some((code) => code === error.exitCode)) throw error;
  }
}
