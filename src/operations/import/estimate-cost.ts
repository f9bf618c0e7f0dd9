import type { ImportMachine } from '../../framework/import/machine.js';
import { plannedBatches } from '../../framework/import/planned-batches.js';
import type { Gateways } from '../../ports/aws.js';
import { type PlannedRun, plannedRun } from '../../workflow/statistics/planned-run.js';
import type { CheckedFile } from './check-file.js';

export interface ImportCost {
  /** Of the import's own execution, and of those that it starts. */
  run: PlannedRun;
  /** Of the executions of `command`, one a row, where each row becomes a command. */
  commands?: PlannedRun & { executions: number };
}

interface Wanted {
  files: { file: CheckedFile; machine: ImportMachine }[];
  csvMachineArn: string;
  /** The machine that imports a ZIP's files one by one. */
  zipMachineArn?: string;
  /** Where the rows become commands. */
  commandMachineArn?: string;
}

/** What an import takes when nothing fails, by the machines as they are deployed. */
export async function estimateCost(
  { states }: Pick<Gateways, 'states'>,
  wanted: Wanted,
): Promise<ImportCost> {
  const { files, csvMachineArn, zipMachineArn, commandMachineArn } = wanted;
  const definitionOf = async (arn: string) => (await states.describeStateMachine(arn)).definition;
  const csv = await definitionOf(csvMachineArn);
  const runs = files.map(({ file: { report }, machine }) =>
    plannedRun(csv, { inline: report.rows, distributed: () => plannedBatches(machine, report) }),
  );
  if (zipMachineArn !== undefined) {
    const each = { children: files.length, items: 1 };
    const zip = { inline: files.length, distributed: () => each };
    runs.push(plannedRun(await definitionOf(zipMachineArn), zip));
  }
  const run = total(runs);
  if (commandMachineArn === undefined) return { run };
  const executions = files.reduce((sum, { file }) => sum + file.report.rows, 0);
  // A command is synchronised by one handler a data table, of which there is one at least.
  const one = { inline: 1, distributed: () => ({ children: 1, items: 1 }) };
  const command = plannedRun(await definitionOf(commandMachineArn), one);
  return { run, commands: { ...total([command], executions), executions } };
}

const total = (runs: PlannedRun[], factor = 1): PlannedRun => {
  const sumOf = (member: keyof PlannedRun) =>
    Math.round(factor * runs.reduce((sum, run) => sum + run[member], 0));
  return {
    transitions: sumOf('transitions'),
    children: sumOf('children'),
    expressChildren: sumOf('expressChildren'),
    requests: sumOf('requests'),
  };
};
