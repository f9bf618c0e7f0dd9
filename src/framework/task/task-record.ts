import { isObject, type Json } from '../../json/json.js';

/** What the framework's batches of tasks are made of (its package `task`). */
export interface TaskRecordOrder {
  tenant: string;
  type: string;
  /** ULID of the batch. */
  code: string;
}

/** Key of the record that stands for a batch; those of its items begin with `sk` and go on with `#<index>`. */
export const taskKey = ({ tenant, type, code }: TaskRecordOrder) => ({
  pk: `SFN_TASK#${tenant}`,
  sk: `${type}#${code}`,
});

/** Longest values of what the framework fills in by itself. */
const longest = {
  requestId: 'r'.repeat(36),
  time: '2026-01-01T00:00:00.000+09:00',
  ip: 'f'.repeat(39),
  index: 99_999,
  status: 'PROCESSING',
};

/** Bytes that an item's record has around the item itself, as the framework hands it to the machine. */
export function subTaskWrapping(order: TaskRecordOrder, name: string, who: string): number {
  const { pk, sk } = taskKey(order);
  const row = `${sk}#${longest.index}`;
  const record = {
    id: `${pk}#${row}`,
    pk,
    sk: row,
    version: 0,
    code: order.code,
    type: order.type,
    name,
    tenantCode: order.tenant,
    status: longest.status,
    input: '',
    requestId: longest.requestId,
    createdAt: longest.time,
    updatedAt: longest.time,
    createdBy: who,
    updatedBy: who,
    createdIp: longest.ip,
    updatedIp: longest.ip,
  };
  return new TextEncoder().encode(JSON.stringify(record)).length;
}

/** What the record of a batch holds of each item besides the item: its entry in `attributes.subTasks`. */
export function subTaskEntryBytes(order: TaskRecordOrder): number {
  const { pk, sk } = taskKey(order);
  return 1 + recordBytes({ pk, sk: `${sk}#${longest.index}`, status: longest.status });
}

/** Bytes of a value as DynamoDB counts them towards the 400 KB of a record. */
export function recordBytes(value: Json): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (typeof value === 'number')
    return (value < 0 ? 3 : 2) + Math.ceil(String(value).replace(/\D/g, '').length / 2);
  if (Array.isArray(value)) return 3 + value.reduce<number>((sum, one) => sum + 1 + recordBytes(one), 0);
  if (isObject(value))
    return (
      3 + Object.entries(value).reduce((sum, [key, one]) => sum + 1 + recordBytes(key) + recordBytes(one), 0)
    );
  return 1;
}

/** What a record of the framework says of an item. */
export interface SubTaskState {
  index: number;
  status: string;
  result?: Json;
  /** The stack of the error. */
  error?: string;
}

/** From an item of the table; undefined for what is none of an item. */
export function subTaskState(item: Record<string, unknown>): SubTaskState | undefined {
  const index = /#(\d+)$/.exec(String(item.sk))?.[1];
  if (index === undefined || typeof item.status !== 'string') return undefined;
  const attributes = (item.attributes ?? {}) as { result?: Json; error?: unknown };
  return {
    index: Number(index),
    status: item.status,
    ...(attributes.result !== undefined && { result: attributes.result }),
    ...(typeof attributes.error === 'string' && { error: attributes.error }),
  };
}

/** Key of the record that an item of a machine's input is, where it is one of the framework's. */
export function recordOfItem(item: Json | undefined): { pk: string; sk: string } | undefined {
  if (!isObject(item) || typeof item.pk !== 'string' || typeof item.sk !== 'string') return undefined;
  return { pk: item.pk, sk: item.sk };
}

/** The record of a batch as it counts its items itself; undefined for a record of an item. */
export function recordCounts(item: Record<string, unknown>) {
  const [type, code, ...more] = String(item.sk).split('#');
  if (type === undefined || code === undefined || more.length > 0) return undefined;
  const attributes = (item.attributes ?? {}) as Record<string, unknown>;
  const count = (name: string): number => (typeof attributes[name] === 'number' ? attributes[name] : 0);
  const total = count('subTaskCount') || (Array.isArray(item.input) ? item.input.length : 0);
  return {
    batch: `${String(item.pk)}#${type}#${code}`,
    startedAt: Date.parse(String(item.createdAt)) || 0,
    recordStatus: String(item.status),
    items: { total, succeeded: count('subTaskSucceedCount'), failed: count('subTaskFailedCount') },
  };
}

/**
 * What an execution belongs to, by its name: the batch that started it as one of its executions, or the record that the
 * framework started it for.
 */
export function batchOfExecution(name: string): string | undefined {
  const record = /^SFN_TASK-(.+)-([^-]+)-([0-9A-HJKMNP-TV-Z]{26})-\d+$/.exec(name);
  if (record) return `SFN_TASK#${record[1]}#${record[2]}#${record[3]}`;
  return /^(.+-[0-9a-f]{16}(?:-\d+)?)-\d{4}(?:-\d+)?$/.exec(name)?.[1];
}
