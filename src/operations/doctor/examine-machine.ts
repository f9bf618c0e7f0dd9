import { exitCodes, FlowError } from '../../errors.js';
import { importShape } from '../../framework/import/machine-version.js';
import type { StateMachineDescription } from '../../ports/aws.js';
import { ownLogGroup } from '../follow/find-logs.js';
import { lintDeployed } from '../project/lint-files.js';
import { type Check, type Examined, ok, told } from './check.js';

const DAY = 24 * 60 * 60 * 1000;
/** Executions beyond these are not counted. */
const MANY = 1000;

/** What one machine says of itself: its practice, its logs, and who waits in it. */
export async function* examineMachine(
  target: Examined,
  machine: StateMachineDescription,
): AsyncGenerator<Check> {
  yield* checkPractice(target, machine);
  yield* checkLogs(target, machine);
  yield* checkWaiting(target, machine);
}

/** Which of the framework's versions a machine is from, and what that version is known for. */
export function shapeOf(role: string, { name, definition }: StateMachineDescription): Check[] {
  if (role !== 'import-csv') return [];
  const { since, trouble } = importShape(definition);
  if (since === undefined) return [];
  const check = `${name} shape`;
  return [
    trouble
      ? { check, status: 'warning', message: `${since}: ${trouble}`, hint: 'update the framework' }
      : ok(check, since),
  ];
}

async function* checkPractice(
  { flagsForHints }: Examined,
  machine: StateMachineDescription,
): AsyncGenerator<Check> {
  const check = `${machine.name} lint`;
  const findings = (await lintDeployed(machine)).filter(({ severity }) => severity !== 'info');
  if (findings.length === 0) yield ok(check, 'nothing found');
  else {
    const codes = [...new Set(findings.map(({ code }) => code))].join(', ');
    yield {
      check,
      status: 'warning',
      message: `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} (${codes})`,
      hint: `mbc-flow lint${flagsForHints || ' --local'} ${machine.name}`,
    };
  }
}

async function* checkLogs(
  { gateways, now, loopback }: Examined,
  machine: StateMachineDescription,
): AsyncGenerator<Check> {
  const check = `${machine.name} logs`;
  const logGroup = ownLogGroup(machine);
  // Its history is there for nothing.
  if (logGroup === undefined && loopback) return yield ok(check, 'logs nothing');
  if (logGroup === undefined) {
    yield {
      check,
      status: 'warning',
      message: 'logs nothing',
      hint: 'set a loggingConfiguration with level ALL or ERROR',
    };
    return;
  }
  yield* told(check, async () => {
    // One page, of a minute: whether the group is there and may be read.
    const pages = gateways.logs.filterPages({ logGroup, startTime: now() - 60_000, endTime: now() });
    try {
      await pages[Symbol.asyncIterator]().next();
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
      return { found: [await withoutGroup(check, gateways, machine, logGroup)] };
    }
    const data = machine.includeExecutionData ? 'with' : 'without';
    return { found: [ok(check, `${machine.logLevel}, ${data} execution data, in ${logGroup}`)] };
  });
}

/** The group comes with the first events on a local server; on AWS it has to be there before. */
async function withoutGroup(
  check: string,
  { states }: Examined['gateways'],
  { stateMachineArn, type }: StateMachineDescription,
  logGroup: string,
): Promise<Check> {
  const executions = type === 'EXPRESS' ? [] : states.listExecutions({ stateMachineArn });
  for await (const _ of executions)
    return {
      check,
      status: 'warning',
      message: `its log group ${logGroup} does not exist, although it has run`,
      hint: `aws logs create-log-group --log-group-name ${logGroup}`,
    };
  return ok(check, `nothing is logged yet: it never ran (${logGroup})`);
}

async function* checkWaiting(
  { gateways, flagsForHints, now }: Examined,
  machine: StateMachineDescription,
): AsyncGenerator<Check> {
  if (machine.type === 'EXPRESS') return;
  const check = `${machine.name} waiting`;
  yield* told(check, async () => {
    let running = 0;
    let oldest: { name: string; age: number } | undefined;
    const { stateMachineArn } = machine;
    for await (const { name, startDate } of gateways.states.listExecutions({
      stateMachineArn,
      status: 'RUNNING',
    })) {
      running++;
      oldest = { name, age: now() - startDate.getTime() };
      if (running >= MANY) break;
    }
    if (!oldest) return { found: [ok(check, 'no execution is running')] };
    const message = `${running} running, the oldest for ${Math.floor(oldest.age / DAY)} days (${oldest.name})`;
    if (oldest.age < DAY) return { found: [ok(check, `${running} running, none for a day`)] };
    return {
      found: [{ check, status: 'warning', message, hint: `mbc-flow show ${oldest.name}${flagsForHints}` }],
    };
  });
}
