import { exitCodes, FlowError } from '../../errors.js';
import type { FindOptions } from '../../lint/find-machines.js';
import { type Finding, type LintResult, lintText } from '../../lint/lint.js';
import type { RulePage } from '../../lint/rule.js';
import { rules } from '../../lint/rules/index.js';
import { appRules } from '../../lint/typescript/app-rules.js';
import type { StateMachineDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { logGroupName } from '../../workflow/names/arn.js';
import { listMachines } from '../find/list-machines.js';

export { holdsMachine } from '../../lint/holds-machine.js';

export interface LintFile {
  /** As the user named it; findings carry it. */
  path: string;
  text: string;
  options: FindOptions;
}

export interface LintedFile extends LintResult {
  path: string;
}

export async function lintFiles(files: AsyncIterable<LintFile>): Promise<LintedFile[]> {
  const results: LintedFile[] = [];
  for await (const { path, text, options } of files)
    results.push({ path, ...(await lintText(path, text, options)) });
  return results;
}

/** Machines as they are deployed: those named, or all of the target. */
export async function lintMachines(
  {
    gateways: { states },
    machineArn,
  }: {
    gateways: { states: Pick<StepFunctionsGateway, 'listStateMachines' | 'describeStateMachine'> };
    machineArn(reference: string): Promise<string>;
  },
  names: string[],
): Promise<{ findings: Finding[] }[]> {
  const arns =
    names.length > 0
      ? await Promise.all(names.map((name) => machineArn(name)))
      : (await listMachines(states)).map(({ stateMachineArn }) => stateMachineArn);
  const results: { findings: Finding[] }[] = [];
  for (const arn of arns)
    results.push({ findings: await lintDeployed(await states.describeStateMachine(arn)) });
  return results;
}

/** Lint of a machine as it is deployed; findings name its ARN as their file. */
export async function lintDeployed(machine: StateMachineDescription): Promise<Finding[]> {
  const { stateMachineArn, name, type, definition, logGroupArn, logLevel } = machine;
  const options = {
    name,
    type,
    deployment: { logGroup: logGroupName(logGroupArn), logLevel },
    framework: false,
    read: nothing,
  };
  const { findings } = await lintText(`${name}.json`, definition, options);
  return findings.map((finding) => ({ ...finding, file: stateMachineArn }));
}

const nothing = async (): Promise<undefined> => undefined;

export const hasError = (findings: Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');

/** Every rule there is, on machines and on sources, by code. */
export const allRules = (): RulePage[] => [...rules, ...appRules];

export function ruleByCode(code: string): RulePage {
  const found = allRules().find((rule) => rule.code === code.toUpperCase());
  if (found) return found;
  throw new FlowError(exitCodes.usage, 'UnknownRule', `there is no rule ${code}`, {
    hint: 'mbc-flow lint --rules',
  });
}
