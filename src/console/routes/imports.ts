import { encoding } from '../../cli/import/dialect.js';
import { commandsOf } from '../../cli/import/following.js';
import { orderFor } from '../../cli/import/order.js';
import { surroundings } from '../../cli/import/run.js';
import type { CsvCheckOptions } from '../../csv/check.js';
import { isDelimiter } from '../../csv/dialect.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { JsonObject } from '../../json/json.js';
import { type CheckedFile, lossOf, refuseErrors } from '../../operations/import/check-file.js';
import { estimateCost } from '../../operations/import/estimate-cost.js';
import { type ImportPlan, planImports } from '../../operations/import/plan-import.js';
import { failedRows, reasonsByLine } from '../../operations/import/select-rows.js';
import { checkDocument } from '../../views/import/check.js';
import { costDocument } from '../../views/import/cost.js';
import { planDocument } from '../../views/import/import.js';
import type {
  FailedRowsDocument,
  ImportCheckDocument,
  ImportPlanDocument,
  ImportRunRow,
  UploadDocument,
} from '../api.js';
import type { Console } from '../console.js';
import { safeHeaders, sendJson } from '../http/reply.js';
import type { Route } from '../http/route.js';
import { previewRows } from '../imports/preview.js';
import type { ImportRun } from '../imports/runs.js';
import { optionalTextIn, textIn } from './fields.js';

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
      const file = await checked(body, console);
      const lines = new Set(file.report.problems.map(({ line }) => line));
      const last = file.report.problems.reduce((most, { line }) => Math.max(most, line), 0);
      return {
        check: checkDocument(file.source.path, file.report),
        preview: await previewRows(file, { wanted: (line) => lines.has(line), last }),
      };
    },
  },
  {
    method: 'POST',
    path: '/api/imports/plan',
    changes: false,
    async run({ body }, console): Promise<ImportPlanDocument> {
      const plan = await planned(body, console);
      const target = await console.target();
      const { commandMachineArn } = await commandsOf(target);
      const cost = await estimateCost(target.gateways, {
        files: [plan],
        csvMachineArn: plan.stateMachineArn,
        commandMachineArn,
      });
      return {
        plan: planDocument(plan),
        cost: costDocument(cost, target.region),
        lost: lossOf(plan.file) ?? null,
      };
    },
  },
  {
    method: 'POST',
    path: '/api/imports/start',
    changes: true,
    async run({ body }, console): Promise<ImportRunRow> {
      return console.importRuns.start(await planned(body, console), console);
    },
  },
  {
    method: 'GET',
    path: '/api/imports/runs/:id/failed',
    async run({ params: { id = '' } }, console): Promise<FailedRowsDocument> {
      const { plan, result } = endedRun(id, console);
      const reasonOf = reasonsByLine(result.failures);
      const reasons = new Map<number, string>();
      const wanted = (line: number): boolean => {
        const reason = reasonOf(line);
        if (reason !== undefined) reasons.set(line, reason);
        return reason !== undefined;
      };
      const last = Number.POSITIVE_INFINITY;
      const rows = await previewRows(plan.file, { wanted, last, first: 0, most: MOST_FAILED + 1 });
      return {
        columns: plan.file.report.columns,
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
      const { plan, result } = endedRun(id, console);
      response.writeHead(200, {
        ...safeHeaders,
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': 'attachment',
        'Cache-Control': 'no-store',
      });
      for await (const bytes of failedRows(plan.file, plan.machine.reader, result.failures))
        if (!response.write(bytes)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    },
  },
];

function endedRun(id: string, { importRuns }: Console): Required<Pick<ImportRun, 'plan' | 'result'>> {
  const run = importRuns.of(id);
  if (run?.result) return { plan: run.plan, result: run.result };
  throw new FlowError(
    exitCodes.notFound,
    'NoSuchImport',
    'no import of this console that has ended has this id',
  );
}

async function checked(body: JsonObject, { uploads }: Console): Promise<CheckedFile> {
  return await uploads.check(uploads.of(textIn(body, 'upload')), optionsIn(body));
}

/** @throws FlowError 2 for what can't be imported, 5 where it was imported before */
async function planned(body: JsonObject, console: Console): Promise<ImportPlan> {
  const file = await checked(body, console);
  refuseErrors(file);
  const target = await console.target();
  const order = await orderFor(target, {
    table: optionalTextIn(body, 'table')?.trim() || undefined,
    tenant: optionalTextIn(body, 'tenant')?.trim() || undefined,
    again: body.again === true,
    via: 'auto',
  });
  const [plan] = await planImports([file], order, surroundings(console.context, target));
  if (plan && !('error' in plan)) return plan;
  throw plan?.error ?? new FlowError(exitCodes.usage, 'BadRequest', 'there is nothing to import');
}

/** As the flags of `import` say it; what is not said is found out. */
function optionsIn(body: JsonObject): CsvCheckOptions {
  const told = optionalTextIn(body, 'encoding');
  const delimiter = optionalTextIn(body, 'delimiter');
  if (delimiter !== undefined && delimiter !== '' && !isDelimiter(delimiter))
    throw new FlowError(exitCodes.usage, 'BadRequest', 'this is no delimiter that AWS knows');
  return {
    ...(told && { encoding: encoding(told, 'encoding') }),
    ...(delimiter !== undefined && isDelimiter(delimiter) && { delimiter }),
    ...(body.header === false && { header: false }),
    ...(body.fix === true && { mend: true }),
  };
}
