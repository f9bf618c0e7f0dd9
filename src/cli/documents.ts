import type { VersionDone } from '../operations/answer/resume-chain.js';
import type { LintedFile } from '../operations/project/lint-files.js';
import type { AuditEntry } from '../ports/audit-trail.js';
import type {
  answerDocument,
  plannedDocument as plannedAnswer,
  refusedDocument,
} from '../views/answer/answers.js';
import type { auditDocument } from '../views/audit/audit.js';
import type { deskDocument } from '../views/desk/plain.js';
import type { failureGroupDocument } from '../views/execution/failure-groups.js';
import type { historyDocument } from '../views/execution/history.js';
import type { executionListDocument } from '../views/execution/list.js';
import type { LogDocument } from '../views/execution/log-lines.js';
import type { redrivePlanDocument } from '../views/execution/redrive-plan.js';
import type { ExecutionDocument } from '../views/execution/show-document.js';
import type {
  failureDocument,
  redrivenDocument,
  stoppedDocument,
} from '../views/execution/stop-redrive-documents.js';
import type { caseDocument, coverageDocument, recordedDocument } from '../views/flow-test/results.js';
import type { graphDocument } from '../views/graph/document.js';
import type { checkDocument, uncheckedDocument } from '../views/import/check.js';
import type { costDocument } from '../views/import/cost.js';
import type { failedDocument, importDocument, planDocument } from '../views/import/import.js';
import type { jobDocument, shownJobDocument } from '../views/import/jobs.js';
import type { zipDocument, zipPlanDocument } from '../views/import/zip.js';
import type { definitionDiffDocument, executionDiffDocument } from '../views/machine/diff.js';
import type { machineDocument } from '../views/machine/machines.js';
import type { overviewDocument } from '../views/machine/overview.js';
import type { machineStatsDocument, statsDocument } from '../views/machine/stats.js';
import type { chainDocument, pendingDocument } from '../views/pending/pending.js';
import type { doctorDocument } from '../views/project/doctor.js';
import type { initDocument } from '../views/project/init.js';
import type { ruleDocument, rulePageDocument } from '../views/project/lint.js';
import type { scaffoldDocument } from '../views/project/scaffold.js';
import type { rehearsalDocument } from '../views/rehearsal/rehearsal-document.js';
import type { eachDocument } from '../views/start/start-each.js';
import type { triedDocument } from '../views/start/tried-state.js';
import type { batchDocument, planDocument as batchPlanDocument } from '../views/task/batch.js';
import type { batchDocuments } from '../views/task/list.js';
import type { shownDocument } from '../views/task/show.js';
import type { plannedDocument as plannedEvent, triggeredDocument } from '../views/trigger/trigger.js';

type Of<F extends (...given: never[]) => unknown> = ReturnType<F>;

/**
 * What `-o json` prints, by command. docs/json.md, the JSON Schemas that ship (schemas/) and the contract tests are
 * made from these types: a field may be added, none goes away or changes its type.
 */
export interface Documents {
  approve: Of<typeof answerDocument>;
  'approve-dry-run': Of<typeof plannedAnswer>;
  'approve-several': { results: (Of<typeof answerDocument> | Of<typeof refusedDocument>)[] };
  'approve-several-dry-run': { dryRun: true; results: Of<typeof plannedAnswer>[] };
  audit: { answers: (Of<typeof auditDocument> | AuditEntry)[] };
  chain: { entity: string; versions: VersionDone[]; left: number };
  'chain-dry-run': { dryRun: true; versions: { version: number; executionArn: string }[] };
  /** What a shell reads to complete words. */
  completion: { shell: string; script: string };
  'completion-words': { words: readonly string[] };
  'demo-dry-run': { dryRun: true; file: string; table: string };
  'dev-dry-run': { dryRun: true; host?: string; port?: number; reset: boolean };
  'dev-ready': {
    ready: true;
    endpoint: string;
    s3Endpoint?: string;
    uiEndpoint?: string;
    dataDir: string;
    pid: number;
    eventSources?: { stream?: string; queue?: string; endpoint: string }[];
  };
  'diff-definitions': Of<typeof definitionDiffDocument>;
  'diff-executions': Of<typeof executionDiffDocument>;
  doctor: Of<typeof doctorDocument>;
  /** An IAM policy, to be used as it is. */
  'doctor-policy': {
    Version: string;
    Statement: { Sid: string; Effect: string; Action: string[]; Resource: string[] }[];
  };
  error: { error: { code: string; exitCode: number; message: string; where?: string; hint?: string } };
  graph: Of<typeof graphDocument>;
  help: { help: string };
  history: { events: (Of<typeof historyDocument> & Record<string, unknown>)[] };
  import: { file?: string } & (Of<typeof importDocument> | Of<typeof failedDocument>);
  'import-check': Of<typeof checkDocument> & Partial<Pick<Of<typeof uncheckedDocument>, 'error'>>;
  'import-detached': { file?: string; executionArn: string; status: string };
  'import-dry-run': Of<typeof planDocument> & { cost: Of<typeof costDocument> };
  'import-list': { jobs: Of<typeof jobDocument>[] };
  'import-retry-none': { executionArn: string; retried: 0 };
  'import-several': { imports: Documents['import'][] };
  'import-show': Of<typeof shownJobDocument>;
  'import-show-execution': Of<typeof importDocument>;
  'import-zip': Of<typeof zipDocument>;
  'import-zip-detached': { executionArn: string; status: string; jobId: string };
  'import-zip-dry-run': Of<typeof zipPlanDocument> & { cost: Of<typeof costDocument> };
  init: Of<typeof initDocument>;
  lint: { findings: LintedFile['findings'] };
  'lint-explain': Of<typeof rulePageDocument>;
  'lint-rules': { rules: Of<typeof ruleDocument>[] };
  list: { executions: Of<typeof executionListDocument>[] };
  'list-groups': { groups: Of<typeof failureGroupDocument>[] };
  logs: { lines: LogDocument[] };
  machines: { stateMachines: Of<typeof machineDocument>[] };
  'machines-one': Of<typeof overviewDocument>;
  open: { executionArn: string; url: string };
  pending: { pending: Of<typeof pendingDocument>[] };
  'pending-stuck': { chains: Of<typeof chainDocument>[]; pending: Of<typeof pendingDocument>[] };
  redrive: { executions: (Of<typeof redrivenDocument> | Of<typeof failureDocument>)[] };
  'redrive-plan': { plans: Of<typeof redrivePlanDocument>[] };
  rehearse: Of<typeof rehearsalDocument>;
  scaffold: Of<typeof scaffoldDocument>;
  show: ExecutionDocument;
  start: { executionArn: string; startDate: string };
  'start-dry-run': {
    dryRun: true;
    stateMachineArn: string;
    name?: string;
    input: string;
    former?: string;
  };
  'start-each-dry-run': { dryRun: true; stateMachineArn: string; inputs: number };
  'start-state-dry-run': { dryRun: true; stateName: string };
  'start-each': { results: Of<typeof eachDocument>[]; inputs: object };
  'start-state': Of<typeof triedDocument>;
  stats: Of<typeof statsDocument> & { machines: Of<typeof machineStatsDocument>[] };
  stop: { executions: (Of<typeof stoppedDocument> | Of<typeof failureDocument>)[] };
  'stop-dry-run': { dryRun: true; executions: string[] };
  'task-list': { batches: Of<typeof batchDocuments> };
  'task-show': Of<typeof shownDocument>;
  'task-start': Of<typeof batchDocument>;
  'task-start-detached': { batch: string; executions: string[]; status: string };
  'task-start-dry-run': Of<typeof batchPlanDocument>;
  'task-start-rerun-none': {
    rerunOf: string;
    items: { total: number; succeeded: number; failed: number; notRun: number };
  };
  test: {
    passed: number;
    failed: number;
    cases: Of<typeof caseDocument>[];
    coverage: Of<typeof coverageDocument>[];
  };
  'test-record': Of<typeof recordedDocument>;
  top: Of<typeof deskDocument>;
  trigger: Of<typeof triggeredDocument>;
  'trigger-dry-run': Of<typeof plannedEvent> | { records: Of<typeof plannedEvent>[] };
  'ui-dry-run': { dryRun: true; target: string; readOnly: boolean };
  'ui-ready': { ready: true; uiEndpoint: string; target: string; readOnly: boolean; pid: number };
  version: { version: string };
}
