import type { ImportJournal } from '../../operations/import/import-journal.js';
import type { BatchItems, BatchJournal } from '../../operations/task/batch-journal.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { AuditTrail } from '../../ports/audit-trail.js';
import type { Gateways, ObjectEncryption } from '../../ports/aws.js';
import type { Changes } from '../../ports/changes.js';
import type { ExecutionMemory } from '../../ports/execution-memory.js';
import type { Limiter } from '../../ports/limiter.js';

/** A place where workflows run, connected. */
export interface Target {
  name: string;
  region: string;
  /** Known without a call only for `local` and where config says so. */
  account?: string;
  protected: boolean;
  prefix?: string;
  tenant?: string;
  bucket?: string;
  /** What the names of its DynamoDB tables begin with, where that is known. */
  tablePrefix?: string;
  /** The function that gets its events, where the config says so. */
  eventFunction?: string;
  /** Encryption of uploads. */
  sse?: ObjectEncryption['algorithm'];
  sseKmsKeyId?: string;
  gateways: Gateways;
  /** The same services, over connections whose calls wait for a pace of their own besides. */
  gatewaysAt(pace: Limiter): Gateways;
  /** Tells of changes at once; undefined where one has to look. */
  changes?: Changes;
  /** What the local server's functions were loaded from, those that ran until now; each with its stamp then. */
  functionFiles(): Promise<Record<string, string>>;
  /** A server on this machine: no console, no traces. */
  loopback: boolean;
  /** Milliseconds between polls of a followed execution: short on loopback, AWS's buckets in mind elsewhere. */
  pollMilliseconds: number;
  /** True when this process itself runs the local server, so that executions pause when it exits. */
  carried(): boolean;
  /** `local (account 101010101010, ap-northeast-1, data in ./.mbc-flow)`: for the line before a change. */
  describe(): Promise<string>;
  /** Says target and change on stderr and asks where the contract says so; throws FlowError 2 or 130. */
  /** `several`: a filter or a list chose several executions or paused steps. */
  confirm(change: string, options?: { ask?: boolean; several?: boolean }): Promise<void>;
  /** ARN of a machine by role (`import-csv`), name or ARN. FlowError 3 when none, 5 when several (both listed). */
  machineArn(reference: string): Promise<string>;
  /** Why `machineArn` means what it does, for people. */
  machineReason(reference: string): string;
  /** ARN of an execution by ARN, name or its beginning, console URL, `@last`, `@2`, `<machine>@last`. FlowError 3 or 5. */
  executionArn(reference: string): Promise<string>;
  /** What `@last` means from now on. */
  rememberExecution(executionArn: string): Promise<void>;
  /** Where its changes are recorded, if the config says so. */
  trail?: AuditTrail;
  /** The log of answers, which are recorded there as well. */
  audited(log: AuditLog): AuditLog;
  /** Who the credentials are. */
  callerArn(): Promise<string>;
  /** The time of whatever runs its executions; a local server's may have been moved. Epoch milliseconds. */
  serverNow(): Promise<number>;
  /** What commands remember of executions, to spare calls. */
  memory: ExecutionMemory;
  /** How far imports have come. */
  journal: ImportJournal;
  /** Batches of tasks that were begun, and their items. */
  batches: BatchJournal;
  batchItems: BatchItems;
  /** A bucket for uploads by the contract's rules; FlowError 3 lists what was tried. */
  uploadBucket(flag?: string): Promise<string>;
  /** URL of the queue that imported rows are handed to; undefined where nothing says it. */
  importQueue(): Promise<string | undefined>;
  /** A DynamoDB table of the app by the framework's name for it (`import_tmp`); FlowError 2 without a prefix. */
  tableName(name: string): string;
  /** Extra words for command lines in hints, so that they reach this target again: '' or ' --target prod'. */
  flagsForHints: string;
}
