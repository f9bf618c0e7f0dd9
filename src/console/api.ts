// What the page and its server say to each other. Types only: the documents are those of the commands.
import type { DeskJob, DeskMachine, DeskStep } from '../operations/desk/snapshot.js';
import type { ImportResult } from '../operations/import/import-result.js';
import type { AnswerDocument, plannedDocument, refusedDocument } from '../views/answer/answers.js';
import type { historyDocument } from '../views/execution/history.js';
import type { executionListDocument } from '../views/execution/list.js';
import type { redrivePlanDocument } from '../views/execution/redrive-plan.js';
import type { ExecutionDocument } from '../views/execution/show-document.js';
import type { TimelineRow } from '../views/execution/timeline.js';
import type { checkDocument } from '../views/import/check.js';
import type { costDocument } from '../views/import/cost.js';
import type { shownJobDocument } from '../views/import/jobs.js';
import type { executionDiffDocument } from '../views/machine/diff.js';
import type { overviewDocument } from '../views/machine/overview.js';
import type { machineStatsDocument } from '../views/machine/stats.js';
import type { Look } from '../views/text/status-look.js';
import type { AnswerField } from '../workflow/answer/answer-fields.js';
import type { AdvisedCommand } from '../workflow/failure/advice.js';

/** Something that changes by itself: `executions`, or a kind and an id, `execution:<arn>`. */
export type Topic = string;

/** The rows of each kind of topic, and what is true of all. */
export interface Topics {
  executions: { row: ExecutionRow; facts: TopicFacts };
  paused: { row: PausedRow; facts: TopicFacts };
  jobs: { row: JobRow; facts: TopicFacts };
  machines: { row: MachineRow; facts: TopicFacts };
  'import-runs': { row: ImportRunRow; facts: TopicFacts };
}

/**
 * A message of the event stream `GET /api/events?topic=…&since=…`: rows of one topic by their keys. `version` is what
 * the page sends back (`since`) when it connects again: it then gets what is newer only.
 */
export interface TopicMessage<Row = unknown, Facts = unknown> {
  topic: Topic;
  /** Empty while a long snapshot is not complete. */
  version: string;
  /** All rows that were there before are gone. */
  fresh: boolean;
  rows: [key: string, row: Row][];
  gone: string[];
  /** What is true of the whole topic; undefined: as before. */
  facts?: Facts;
}

/** Of every topic. Times are epoch milliseconds. */
export interface TopicFacts {
  /** When it was looked at; undefined: not yet. */
  at?: number;
  /** There are more than are kept. */
  more?: boolean;
  /** Why there is nothing to see. */
  missing?: string;
  /** Why the last look failed; it is repeated. */
  trouble?: string;
}

/** `GET /api/target`. */
export interface TargetDocument {
  name: string;
  account: string | null;
  region: string;
  protected: boolean;
  readOnly: boolean;
  /** Whether the framework's records of imports can be listed, and if not, what they lack. */
  importRecords: 'listed' | 'no-tables' | 'no-tenant';
  /** A server on this machine, without an AWS console. */
  local: boolean;
  /** Changes come by themselves; else they are looked for at a polite pace. */
  live: boolean;
  version: string;
  prefix: string | null;
  tenant: string | null;
  /** What a command takes more to reach it: '' or ' --target prod'. */
  flagsForHints: string;
}

/** What every answer other than 2xx has. */
export interface ErrorDocument {
  error: { code: string; message: string; where?: string; hint?: string; details?: Record<string, unknown> };
}

/** A row of the topic `executions`. */
export type ExecutionRow = ReturnType<typeof executionListDocument>;

/** A row of the topic `paused`; it has no token. Times are epoch milliseconds. */
export interface PausedRow extends Omit<DeskStep, 'key' | 'execution'> {
  executionArn: string;
  executionName: string;
}

/** A row of the topic `jobs`. */
export type JobRow = DeskJob;

/** A row of the topic `machines`, counted over the executions that are listed. Times are epoch milliseconds. */
export type MachineRow = DeskMachine;

/** `GET /api/machines/:arn`, as `machines <name> -o json`. */
export type MachineDocument = ReturnType<typeof overviewDocument>;

/** `GET /api/machines/:arn/stats`, as `stats <name> -o json`. */
export type StatsDocument = ReturnType<typeof machineStatsDocument>;

/** `POST /api/machines/:arn/check`: whether an execution with this input would fail at once. */
export interface CheckDocument {
  ok: boolean;
  problem?: ErrorDocument['error'];
}

/** `POST /api/machines/:arn/start`. */
export interface StartedDocument {
  executionArn: string;
  startDate: string;
  /** It can't be followed. */
  express: boolean;
  /** It was there before, with this name and input. */
  former: boolean;
}

/** `POST /api/executions/stop` and `/api/executions/redrive`: what became of each. */
export interface DoneDocument {
  results: { executionArn: string; error?: { code: string; message: string } }[];
}

// The page of paused steps.

/** `POST /api/paused/step`: what the page asks of who answers. */
export interface PausedStepDocument {
  /** Members that the machine reads from an answer, beside the usual ones. */
  fields: AnswerField[];
  /** How a rejection reaches the machine. */
  rejectsBy: 'failure' | 'answer';
  /** Answers to the same state before, the newest first. */
  earlier: EarlierAnswer[];
}

export interface EarlierAnswer {
  time: string;
  verb: string;
  caller: string;
  outcome: string;
  executionArn: string;
  requestId: string | null;
}

/** `POST /api/paused/plan`: what would be sent, and what the machine would do then. */
export interface AnswerPlanDocument {
  ready: (ReturnType<typeof plannedDocument> & {
    /** Null: it cannot be tried here. */
    effect: null | {
      entered: string[];
      retried: boolean;
      ended: null | { status: string; error?: string; cause?: string };
    };
  })[];
  refused: ReturnType<typeof refusedDocument>[];
}

/** `POST /api/paused/answer`. */
export interface AnsweredDocument {
  answered: AnswerDocument[];
  refused: ReturnType<typeof refusedDocument>[];
}

// The pages of imports and map runs.

/** `POST /api/uploads?name=…`, the bytes as they are. */
export interface UploadDocument {
  upload: string;
  name: string;
  bytes: number;
}

export interface PreviewRow {
  line: number;
  cells: string[];
}

/** `POST /api/imports/check`: as `import --check`, with rows to look at. */
export interface ImportCheckDocument {
  /** One, or those of a ZIP. */
  files: { check: ReturnType<typeof checkDocument>; preview: PreviewRow[] }[];
}

/** `POST /api/imports/plan`: as `import --dry-run`. */
export interface ImportPlanDocument {
  bucket: string;
  keys: string[];
  rows: number;
  stateMachineArn: string;
  cost: ReturnType<typeof costDocument>;
  /** Rows that arrive otherwise than they stand in the file. */
  lost: { cut: number; filled: number };
}

/** A row of the topic `import-runs`: an import that was started here. Times are epoch milliseconds. */
export interface ImportRunRow {
  id: string;
  file: string;
  table: string | null;
  startedAt: number;
  phase: 'uploading' | 'starting' | 'running' | 'accounting' | 'storing' | 'ended' | 'broken';
  /** Of the file. */
  rows: number;
  columns: string[];
  /** Of a ZIP: the imports of its files, and how many are done. */
  files?: { ids: string[]; done: number };
  bytes?: { done: number; total: number };
  executionArn?: string;
  mapRunArn?: string;
  jobId?: string;
  /** `rate`: rows a second. */
  progress?: { succeeded: number; failed: number; rate: number | null };
  stored?: { done: number; of: number };
  end?: {
    good: boolean;
    status: string;
    /** Null where its import was never started. */
    rows: ImportResult['rows'] | null;
    until: ImportResult['until'];
    durationSeconds: number;
    why?: string;
    jobId?: string;
    groups: { reason: string; kind: string; count: number; lines: (number | null)[] }[];
  };
  error?: { message: string; hint?: string };
}

/** `GET /api/imports/runs/:id/failed`: rows that failed, with their cells; `more`: there are others. */
export interface FailedRowsDocument {
  columns: string[];
  rows: { line: number; reason: string; cells: string[] }[];
  more: boolean;
}

/** The one row of the topic `import-job:<id>`. */
export type ImportJobRow = ReturnType<typeof shownJobDocument>;

/** The one row of the topic `map-run:<arn>`. Times are ISO 8601. */
export interface MapRunRow {
  mapRunArn: string;
  executionArn: string;
  status: string;
  startDate: string;
  stopDate: string | null;
  maxConcurrency: number;
  items: Record<string, number>;
  executions: Record<string, number>;
  /** Items a second. */
  rate: number | null;
}

/** A row of the topic `map-items:<arn>`, by the ARN of an item's execution, in the order in which they began. */
export interface MapItemRow {
  name: string;
  status: string;
  /** Epoch milliseconds. */
  from: number;
  to: number | null;
}

/** `POST /api/map-runs/names`: what items are about, by the ARN of their execution; null where that may not be read. */
export interface ItemNamesDocument {
  names: Record<string, string | null>;
}

// The page of one execution.

/** A row of the topic `execution:<arn>`, by the name of a state: what it came to. */
export interface StateLook {
  look: Look;
  note: string;
}

/** What the topic `execution:<arn>` tells. */
export interface ExecutionFacts extends TopicFacts {
  /** As `show -o json`; input, output and variables are asked for by themselves. */
  execution?: ExecutionDocument;
  /** What to do about its failure. */
  advice?: AdvisedCommand[];
  /** The execution whose map run started it. */
  parent?: string;
  traceUrl?: string;
  redrivable: boolean;
  /** Its input is there to start it again with: that of an EXPRESS one may not have been logged. */
  repeatable: boolean;
}

/** A row of the topic `steps:<arn>`, in the order in which they began. */
export type StepRow = TimelineRow;

/** A row of the topic `logs:<arn>`: of its functions; times are epoch milliseconds. */
export interface LogRow {
  at: number | null;
  group: string;
  level?: string;
  requestId?: string;
  message: string;
}

export interface LogFacts extends TopicFacts {
  /** Log groups that are not there (yet). */
  groups?: string[];
  /** Failed calls, of which the log does not say which of several they were. */
  unclear?: { functionName: string; calls: number }[];
}

/** `GET /api/executions/:arn/data`: JSON texts. */
export interface ExecutionDataDocument {
  input: string | null;
  output: string | null;
  /** Where it failed. */
  error: string | null;
  cause: string | null;
}

/** `GET /api/executions/:arn/events?ids=1,2`, as `history --data -o json`. */
export interface EventsDocument {
  events: ReturnType<typeof historyDocument>[];
}

/** `GET /api/executions/:arn/redrive`, as `redrive --plan -o json`. */
export type RedrivePlanDocument = ReturnType<typeof redrivePlanDocument>;

/** `GET /api/executions/:arn/diff?with=<arn>`, as `diff -o json`. */
export type ExecutionDiffDocument = ReturnType<typeof executionDiffDocument>;

/** `GET /api/executions/:arn/rerun`: what a start as then would be. */
export interface RerunDocument {
  stateMachineArn: string;
  name: string;
  input: string;
}
