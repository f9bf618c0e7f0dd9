// What the page and its server say to each other. Types only: the documents are those of the commands.
import type { DeskJob, DeskMachine, DeskStep } from '../operations/desk/snapshot.js';
import type { AnswerDocument, plannedDocument, refusedDocument } from '../views/answer/answers.js';
import type { executionListDocument } from '../views/execution/list.js';
import type { overviewDocument } from '../views/machine/overview.js';
import type { machineStatsDocument } from '../views/machine/stats.js';
import type { AnswerField } from '../workflow/answer/answer-fields.js';

/** Something that changes by itself: `executions`, or a kind and an id, `execution:<arn>`. */
export type Topic = string;

/** The rows of each kind of topic, and what is true of all. */
export interface Topics {
  executions: { row: ExecutionRow; facts: TopicFacts };
  paused: { row: PausedRow; facts: TopicFacts };
  jobs: { row: JobRow; facts: TopicFacts };
  machines: { row: MachineRow; facts: TopicFacts };
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
  /** A server on this machine, without an AWS console. */
  local: boolean;
  /** Changes come by themselves; else they are looked for at a polite pace. */
  live: boolean;
  version: string;
  prefix: string | null;
  tenant: string | null;
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

/** In the body of every change: the target's name where it is protected, else true when somebody was asked. */
export interface Confirmed {
  confirm: string | boolean;
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
