import type { StateMachineDescription } from '../../ports/aws.js';
import { functionNames } from '../../workflow/definition/function-names.js';
import { type Check, type Examined, ok, told } from './check.js';
import { actionsOf, permissionCommands, permissionsOf } from './command-permissions.js';

export async function* checkPermissions({ gateways }: Examined, caller: string): AsyncGenerator<Check> {
  const check = 'permissions';
  yield* told(check, async () => {
    const refused = new Set(
      await gateways.permissions.refused(roleOf(caller), actionsOf(permissionCommands())),
    );
    if (refused.size === 0) return { found: [ok(check, 'every command is allowed')] };
    const lacking = permissionCommands().filter((command) =>
      permissionsOf(command)?.needs.some((action) => refused.has(action)),
    );
    if (lacking.length === 0)
      return { found: [ok(check, `every command is allowed; details need ${[...refused].join(', ')}`)] };
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

const WANTED_ALARMS = ['ExecutionsFailed', 'ExecutionsTimedOut'];

export async function* checkAlarms(
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
          hint: 'the stack of mbc-flow scaffold stack has them',
        };
      return ok(check, own.map((alarm) => alarm.metric).join(', '));
    });
    return { found };
  });
}

export async function* checkEventSources(
  { gateways, loopback }: Examined,
  machines: StateMachineDescription[],
): AsyncGenerator<Check> {
  const names = new Set(machines.flatMap(({ definition }) => functionNames(definition)));
  const uncalled: string[] = [];
  for (const name of names) {
    const check = checkOf(name);
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
      if (sources.length === 0) {
        uncalled.push(name);
        return { found: [] };
      }
      return { found: [ok(check, `${sources.length} enabled`)] };
    });
  }
  // A machine's function may be called by nothing else; that of an application starts the machines.
  const [name] = uncalled;
  // A laptop need not have the app's services, and `start` calls its functions all the same.
  if (name !== undefined && !loopback && uncalled.length === names.size)
    yield {
      check: checkOf(name),
      status: 'warning',
      message: 'nothing calls it: no stream, no queue',
      hint: 'see the event sources of its stack; locally, the app’s DynamoDB and SQS have to run',
    };
}

const checkOf = (name: string): string => `${name.split(':').at(-1)} event sources`;

export async function* checkBucket(
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
