import type { Gateways, StateMachineDescription } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';
import { functionNames } from '../workflow/function-names.js';
import { importShape } from '../workflow/import-shape.js';
import { actionsOf, permissionCommands } from './command-permissions.js';
import { lintDeployed } from './lint-files.js';

/** What became of one check. `unchecked`: the target does not tell. */
export interface Check {
  check: string;
  status: 'ok' | 'warning' | 'fault' | 'unchecked';
  message: string;
  /** What to type or to change. */
  hint?: string;
}

/** The target, as far as it is examined. */
export interface Examined {
  gateways: Gateways;
  flagsForHints: string;
  machineArn(role: string): Promise<string>;
  machineReason(role: string): string;
  uploadBucket(): Promise<string>;
  now(): number;
}

const ROLES = ['command', 'task', 'import-csv'];
const DAY = 24 * 60 * 60 * 1000;
/** Executions beyond these are not counted. */
const MANY = 1000;

/** One check after the other, as each is done. None of them changes anything. */
export async function* examineTarget(target: Examined): AsyncGenerator<Check> {
  const { gateways } = target;
  const caller = yield* told('identity', async () => {
    const { account, arn } = await gateways.identity.callerIdentity();
    return { value: arn, found: [ok('identity', `${arn} (account ${account})`)] };
  });
  if (caller === undefined) return;
  yield* checkPermissions(target, caller);
  const machines: StateMachineDescription[] = [];
  for (const role of ROLES) {
    const machine = yield* told(role, async () => {
      const found = await gateways.states.describeStateMachine(await target.machineArn(role));
      return {
        value: found,
        found: [ok(role, `${found.name}, ${target.machineReason(role)}`), ...shapeOf(role, found)],
      };
    });
    if (machine) machines.push(machine);
  }
  for (const machine of machines) {
    yield* checkPractice(target, machine);
    yield* checkLogs(target, machine);
    yield* checkWaiting(target, machine);
  }
  yield* checkAlarms(target, machines);
  yield* checkEventSources(target, machines);
  yield* checkBucket(
    target,
    machines.find(({ definition }) => definition.includes('ItemReader')),
  );
}

const ok = (check: string, message: string): Check => ({ check, status: 'ok', message });

/** Runs a check; what it cannot find out is a finding too, never an end. */
async function* told<T>(
  check: string,
  run: () => Promise<{ value?: T; found: Check[] }>,
): AsyncGenerator<Check, T | undefined> {
  try {
    const { value, found } = await run();
    yield* found;
    return value;
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode === exitCodes.bug) throw error;
    yield { check, ...statusOf(error), message: error.message, hint: error.hint };
    return undefined;
  }
}

function statusOf({ exitCode, code }: FlowError): Pick<Check, 'status'> {
  // A local stand-in has not all services; who may not look at one learns nothing about it.
  if (/UnknownOperation|NotImplemented|InvalidAction|MethodNotAllowed|UnsupportedOperation/.test(code))
    return { status: 'unchecked' };
  if (code === 'Credentials') return { status: 'fault' };
  if (exitCode === exitCodes.denied || exitCode === exitCodes.usage) return { status: 'unchecked' };
  return { status: exitCode === exitCodes.notFound ? 'warning' : 'fault' };
}

async function* checkPermissions({ gateways }: Examined, caller: string): AsyncGenerator<Check> {
  const check = 'permissions';
  yield* told(check, async () => {
    const refused = new Set(
      await gateways.permissions.refused(roleOf(caller), actionsOf(permissionCommands())),
    );
    if (refused.size === 0) return { found: [ok(check, 'every command is allowed')] };
    const lacking = permissionCommands().filter((command) =>
      actionsOf([command]).some((action) => refused.has(action)),
    );
    return {
      found: [
        {
          check,
          status: 'warning',
          message: `not allowed: ${[...refused].join(', ')} (${lacking.join(', ')})`,
          hint: `mbc-flow doctor --policy ${lacking.join(',')}`,
        },
      ],
    };
  });
}

/** The role behind a session of it. */
function roleOf(arn: string): string {
  const [, partition, account, role] = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}

/** Which of the framework's versions a machine is from, and what that version is known for. */
function shapeOf(role: string, { name, definition }: StateMachineDescription): Check[] {
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
      message: `${findings.length} findings (${codes})`,
      hint: `mbc-flow lint${flagsForHints || ' --local'} ${machine.name}`,
    };
  }
}

async function* checkLogs(
  { gateways, now }: Examined,
  machine: StateMachineDescription,
): AsyncGenerator<Check> {
  const check = `${machine.name} logs`;
  const logGroup = /:log-group:([^:]+)/.exec(machine.logGroupArn ?? '')?.[1];
  if (logGroup === undefined || (machine.logLevel ?? 'OFF') === 'OFF') {
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
    await pages[Symbol.asyncIterator]().next();
    const data = machine.includeExecutionData ? 'with' : 'without';
    return { found: [ok(check, `${machine.logLevel}, ${data} execution data, in ${logGroup}`)] };
  });
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

const WANTED_ALARMS = ['ExecutionsFailed', 'ExecutionsTimedOut'];

async function* checkAlarms(
  { gateways }: Examined,
  machines: StateMachineDescription[],
): AsyncGenerator<Check> {
  yield* told('alarms', async () => {
    const alarms = await gateways.alarms.ofStateMachines();
    const found = machines.map(({ name, stateMachineArn }): Check => {
      const own = alarms.filter((alarm) => alarm.stateMachineArn === stateMachineArn && alarm.enabled);
      const missing = WANTED_ALARMS.filter((metric) => !own.some((alarm) => alarm.metric === metric));
      const firing = own.filter((alarm) => alarm.firing).map((alarm) => alarm.name);
      const check = `${name} alarms`;
      if (firing.length > 0)
        return {
          check,
          status: 'fault',
          message: `in alarm: ${firing.join(', ')}`,
          hint: `mbc-flow list ${name} --failed`,
        };
      if (missing.length > 0)
        return {
          check,
          status: 'warning',
          message: `no alarm on ${missing.join(', ')}`,
          hint: 'mbc-flow scaffold stack has them',
        };
      return ok(check, own.map((alarm) => alarm.metric).join(', '));
    });
    return { found };
  });
}

async function* checkEventSources(
  { gateways }: Examined,
  machines: StateMachineDescription[],
): AsyncGenerator<Check> {
  const names = new Set(machines.flatMap(({ definition }) => functionNames(definition)));
  for (const name of names) {
    const check = `${name.split(':').at(-1)} event sources`;
    yield* told(check, async () => {
      const sources = await gateways.functions.eventSources(name);
      const stopped = sources.filter(({ state }) => !/^(Enabled|Enabling|Creating|Updating)$/.test(state));
      const failing = sources.filter(
        ({ lastResult }) => lastResult !== undefined && /PROBLEM|ERROR/i.test(lastResult),
      );
      const list = (some: typeof sources): string =>
        some.map(({ arn }) => arn.split(':').slice(5).join(':')).join(', ');
      if (stopped.length > 0)
        return {
          found: [
            {
              check,
              status: 'fault',
              message: `not enabled: ${list(stopped)}`,
              hint: 'aws lambda update-event-source-mapping --enabled --uuid …',
            },
          ],
        };
      if (failing.length > 0)
        return {
          found: [
            {
              check,
              status: 'fault',
              message: `the last record failed: ${list(failing)}`,
              hint: `mbc-flow logs ${name.split(':').at(-1)} --errors`,
            },
          ],
        };
      if (sources.length === 0)
        return {
          found: [
            {
              check,
              status: 'warning',
              message: 'nothing calls it: no stream, no queue',
              hint: 'see the event sources of its stack',
            },
          ],
        };
      return { found: [ok(check, `${sources.length} enabled`)] };
    });
  }
}

async function* checkBucket(
  target: Examined,
  importMachine: StateMachineDescription | undefined,
): AsyncGenerator<Check> {
  const bucket = yield* told('bucket', async () => {
    const found = await target.uploadBucket();
    const answers = await target.gateways.objects.bucketAnswers(found);
    const check: Check = answers
      ? ok('bucket', found)
      : {
          check: 'bucket',
          status: 'fault',
          message: `${found} does not answer`,
          hint: 'name it as "bucket" of the target in mbc-flow.json',
        };
    return { value: found, found: [check] };
  });
  if (bucket === undefined || !importMachine) return;
  const check = `${importMachine.name} role`;
  yield* told(check, async () => {
    const refused = await target.gateways.permissions.refused(
      importMachine.roleArn,
      ['s3:GetObject'],
      [`arn:aws:s3:::${bucket}/*`],
    );
    if (refused.length === 0) return { found: [ok(check, `may read ${bucket}`)] };
    return {
      found: [
        {
          check,
          status: 'fault',
          message: `may not read ${bucket}: an import would fail at its ItemReader`,
          hint: `grant s3:GetObject on ${bucket} to ${importMachine.roleArn}`,
        },
      ],
    };
  });
}
