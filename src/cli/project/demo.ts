import { readFileSync } from 'node:fs';
import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { packageFile } from '../../files/package-file.js';
import { importCommand } from '../import/import.js';
import type { Command, Context, Target } from '../shell/command.js';
import { wouldChange } from '../shell/dry-run.js';

const table = 'products';
const approvalMachine = 'demo-approval';

export const demo: Command = {
  name: 'demo',
  changes: true,
  summary: 'See it work: a sample import on the embedded server, from end to end',
  description:
    'Needs no AWS account, no Docker and no network. What it does stays in the local data directory, and so does a paused approval, for you to answer.',
  examples: [
    { line: 'mbc-flow demo', what: 'imports thirty products, shows them, and leaves an approval to try' },
  ],
  async run(context) {
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
    const code = await importCommand.run(context, [[file]], { table, again: true });
    if (context.output === 'text') await showRows(context, target);
    await pauseForApproval(context, target);
    return code;
  },
};

/** Reads back what the built-in function has stored: one object a batch, one line a row. */
async function showRows(context: Context, target: Target): Promise<ExitCode> {
  const { storedRows } = await import('../../operations/import/stored-rows.js');
  const { tableLines } = await import('../../views/text/table.js');
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
  const { leaveApproval } = await import('../../operations/execution/leave-approval.js');
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
