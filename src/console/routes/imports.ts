import { exitCodes, FlowError } from '../../errors.js';
import { type CheckedFile, lossOf } from '../../operations/import/check-file.js';
import { failedRows, reasonsByLine } from '../../operations/import/select-rows.js';
import { checkDocument } from '../../views/import/check.js';
import { costDocument } from '../../views/import/cost.js';
import type {
  FailedRowsDocument,
  ImportCheckDocument,
  ImportPlanDocument,
  ImportRunRow,
  PreviewRow,
  UploadDocument,
} from '../api.js';
import type { Console } from '../console.js';
import { safeHeaders, sendJson } from '../http/reply.js';
import type { Route } from '../http/route.js';
import type { ImportRun } from '../imports/import-runs.js';
import { checkedIn, costOf, plannedIn } from '../imports/plan-import.js';
import { previewRows } from '../imports/preview.js';

/** Failed rows that are shown; all are in the download. */
const MOST_FAILED = 500;

export const importRoutes: Route[] = [
  {
    method: 'POST',
    path: '/api/uploads',
    changes: false,
    async handle(request, response, { query }, console) {
      const { id, name, bytes } = await console.uploads.take(request, query.get('name') ?? '');
      sendJson(response, 200, { upload: id, name, bytes } satisfies UploadDocument);
    },
  },
  {
    method: 'POST',
    path: '/api/imports/check',
    changes: false,
    async run({ body }, console): Promise<ImportCheckDocument> {
      const { files } = await checkedIn(body, console);
      const shown: ImportCheckDocument['files'] = [];
      for (const file of files) {
        const { path } = file.source;
        shown.push({ check: checkDocument(path, file.report), preview: await withFindings(file) });
      }
      return { files: shown };
    },
  },
  {
    method: 'POST',
    path: '/api/imports/plan',
    changes: false,
    async run({ body }, console): Promise<ImportPlanDocument> {
      const planned = await plannedIn(body, console);
      const { zip, plan } = planned;
      const files = zip ? plan.files : [plan];
      const { region } = await console.target();
      return {
        bucket: plan.bucket,
        keys: files.map(({ entry }) => entry.key),
        rows: files.reduce((sum, { file }) => sum + file.report.rows, 0),
        stateMachineArn: plan.stateMachineArn,
        cost: costDocument(await costOf(planned, console), region),
        lost: files.flatMap(({ file }) => lossOf(file) ?? []).reduce(added, { cut: 0, filled: 0 }),
      };
    },
  },
  {
    method: 'POST',
    path: '/api/imports/start',
    changes: true,
    async run({ body }, console): Promise<ImportRunRow> {
      return console.importRuns.start(await plannedIn(body, console), console);
    },
  },
  {
    method: 'GET',
    path: '/api/imports/runs/:id/failed',
    async run({ params: { id = '' } }, console): Promise<FailedRowsDocument> {
      const { file, result } = endedRun(id, console);
      const reasonOf = reasonsByLine(result.failures);
      const reasons = new Map<number, string>();
      const wanted = (line: number): boolean => {
        const reason = reasonOf(line);
        if (reason !== undefined) reasons.set(line, reason);
        return reason !== undefined;
      };
      const last = Number.POSITIVE_INFINITY;
      const rows = await previewRows(file, { wanted, last, first: 0, most: MOST_FAILED + 1 });
      return {
        columns: file.report.columns,
        rows: rows
          .slice(0, MOST_FAILED)
          .map(({ line, cells }) => ({ line, cells, reason: reasons.get(line) ?? '' })),
        more: rows.length > MOST_FAILED,
      };
    },
  },
  {
    method: 'GET',
    path: '/api/imports/runs/:id/failed.csv',
    changes: false,
    async handle(_request, response, { params: { id = '' } }, console) {
      const { file, reader, result } = endedRun(id, console);
      response.writeHead(200, {
        ...safeHeaders,
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': 'attachment',
        'Cache-Control': 'no-store',
      });
      for await (const bytes of failedRows(file, reader, result.failures))
        if (!response.write(bytes)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    },
  },
];

function endedRun(
  id: string,
  { importRuns }: Console,
): Required<Pick<ImportRun, 'file' | 'reader' | 'result'>> {
  const run = importRuns.of(id);
  if (run?.file && run.result) return { file: run.file, reader: run.reader, result: run.result };
  throw new FlowError(
    exitCodes.notFound,
    'NoSuchImport',
    'no import of this console that has ended has this id',
  );
}

async function withFindings(file: CheckedFile): Promise<PreviewRow[]> {
  const lines = new Set(file.report.problems.map(({ line }) => line));
  const last = file.report.problems.reduce((most, { line }) => Math.max(most, line), 0);
  return await previewRows(file, { wanted: (line) => lines.has(line), last });
}

type Lost = ImportPlanDocument['lost'];
const added = (sum: Lost, { cut, filled }: Lost): Lost => ({
  cut: sum.cut + cut,
  filled: sum.filled + filled,
});
