import { readFileSync } from 'node:fs';
import { exitCodes, FlowError } from '../../errors.js';
import { packageFile } from '../../files/package-file.js';
import { storedRows } from '../../operations/import/stored-rows.js';
import { leaveApproval } from '../../operations/project/leave-approval.js';
import { demoLines } from '../../views/project/demo.js';
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
    parallel: 1,
  });
  if (context.out.forPeople) await showRows(context, target);
  await pauseForApproval(context, target);
  return code;
};

const table = 'products';

const approvalMachine = 'demo-approval';

/** Reads back what the built-in function has stored: one object a batch, one line a row. */
async function showRows({ out, terminal }: Context, target: Target): Promise<void> {
  const { gateways, bucket = '' } = target;
  const executionArn = await target.executionArn('@last');
  const look = { ...terminal, flagsForHints: target.flagsForHints };
  const rows = await storedRows(gateways.objects, bucket, table, executionArn);
  for (const line of demoLines(rows, `s3://${bucket}/imported/${table}/…`, look)) out.line(line);
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
  for (const line of [
    '',
    'An approval waits for you:',
    `  mbc-flow approve ${requestId}${target.flagsForHints}`,
  ])
    context.out.line(line);
}
