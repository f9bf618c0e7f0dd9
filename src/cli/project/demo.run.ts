import { readFileSync } from 'node:fs';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { packageFile } from '../../files/package-file.js';
import { leaveApproval } from '../../operations/execution/leave-approval.js';
import { storedRows } from '../../operations/import/stored-rows.js';
import { tableLines } from '../../views/text/table.js';
import { run as runImport } from '../import/import.run.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { wouldChange } from '../shell/dry-run.js';
import type { Target } from '../shell/target.js';
import type { declaration } from './demo.js';

export const run: Run<typeof declaration> = async (context) => {
  const target = await context.connect({ changes: true });
  if (target.name !== 'local') {
    throw new FlowError(
      exitCodes.usage,
      'LocalOnly',
      `the demo runs on the local server only, not on ${target.name}`,
      {
        hint: 'mbc-flow demo --local',
      },
    );
  }
  const file = packageFile('examples/large-csv/products.csv');
  if (context.dryRun)
    return await wouldChange(context, target, `import ${file} and leave an approval to try`, {
      file,
      table,
    });
  context.err.notice(`mbc-flow import ${file} --table ${table}\n`);
  const code = await runImport(context, [[file]], {
    table,
    again: true,
    header: true,
    via: 'auto',
    parallel: '1',
  });
  if (context.output === 'text') await showRows(context, target);
  await pauseForApproval(context, target);
  return code;
};

const table = 'products';

const approvalMachine = 'demo-approval';

/** Reads back what the built-in function has stored: one object a batch, one line a row. */
async function showRows(context: Context, target: Target): Promise<ExitCode> {
  const executionArn = await target.executionArn('@last');
  const rows = await storedRows(target.gateways.objects, target.bucket ?? '', table, executionArn);
  const [first] = rows;
  if (!first) return exitCodes.failed;
  const names = Object.keys(first);
  context.out.line();
  context.out.line(`What the function stored (s3://${target.bucket}/imported/${table}/…):`);
  const columns = names.map((head, index) => ({ head, flexible: index === names.length - 1 }));
  const shown = rows.slice(0, 10).map((row) => names.map((name) => row[name] ?? ''));
  for (const line of tableLines(columns, shown, context.terminal)) context.out.line(`  ${line}`);
  if (rows.length > shown.length) context.out.line(`  … and ${rows.length - shown.length} more`);
  context.out.line();
  context.out.line('Now yours:');
  context.out.line('  mbc-flow import your.csv    check, upload, run, and report every row that failed');
  context.out.line('  mbc-flow watch @last        the execution again, state by state');
  context.out.line('  mbc-flow dev                the server on its own, for any AWS SDK and the aws CLI');
  return exitCodes.ok;
}

/** An execution of the sample machine waits; the line that answers it is printed. */
async function pauseForApproval(context: Context, target: Target): Promise<void> {
  const requestId = `demo-${crypto.randomUUID().slice(0, 8)}`;
  const { states } = target.gateways;
  await leaveApproval(
    states,
    {
      name: approvalMachine,
      stateMachineArn: await target.machineArn(approvalMachine).catch(() => undefined),
      definition: readFileSync(packageFile('examples/approval/approval.asl.json'), 'utf8'),
      requestId,
    },
    { clock: context.clock, signal: context.signal, pollMilliseconds: target.pollMilliseconds },
  );
  context.out.line();
  context.out.line('An approval waits for you:');
  context.out.line(`  mbc-flow approve ${requestId}`);
}
