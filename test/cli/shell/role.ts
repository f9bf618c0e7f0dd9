import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamAction } from '../../../src/aws/iam-actions.js';
import { startFaultProxy } from '../../fault-proxy.js';
import { pausedWorld, waiting } from '../answer/paused-machines.js';
import { restlessClock } from '../clock.js';
import { directory, type Ran, run } from '../world.js';

const items = { Type: 'Map', ItemsPath: '$.items', MaxConcurrency: 1 } as const;
const machines = {
  ask: { StartAt: 'Ask', States: { Ask: waiting({ Next: 'Done' }), Done: { Type: 'Succeed' as const } } },
  broken: {
    StartAt: 'Break',
    States: { Break: { Type: 'Fail' as const, Error: 'Broken', Cause: 'on purpose' } },
  },
  called: {
    StartAt: 'Call',
    States: {
      Call: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'notify' },
        End: true,
      },
    },
  },
  many: {
    StartAt: 'Each',
    States: {
      Each: {
        ...items,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'One',
          States: { One: { Type: 'Pass', End: true } },
        },
        End: true,
      },
    },
  },
};

/** A target whose role may not do some things: every call goes through a proxy that knows them. */
export async function roleWorld() {
  const world = await pausedWorld();
  const denied = new Set<string>();
  const proxy = await startFaultProxy(world.endpoint, ({ api }) =>
    denied.has(iamAction(api)) ? { status: 403, code: 'AccessDeniedException' } : undefined,
  );
  const target = { endpointUrl: proxy.endpoint, region: 'ap-northeast-1', bucket: 'local-bucket' };
  const cwd = directory();
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ defaultTarget: 'role', targets: { role: target } }),
  );
  writeFileSync(join(cwd, 'goods.csv'), 'id,price\n1,100\n,200\n3,300\n');
  writeFileSync(join(cwd, 'items.json'), '[{"n":1},{"fail":"no"}]');
  writeFileSync(
    join(cwd, 'row.json'),
    JSON.stringify({ pk: 'A#t', sk: 'B@1', version: 1, tenantCode: 't', code: 'B' }),
  );
  for (const [name, definition] of Object.entries(machines)) await world.machine(name, definition as never);
  return {
    ...world,
    cwd,
    /** The IAM actions that were called since the last time. */
    called(): string[] {
      const calls = proxy.seen.splice(0).filter(({ url }) => !url.startsWith('/_mbc-flow'));
      const seen = calls.map(({ api }) => iamAction(api));
      return [...new Set(seen)].filter((action) => action !== 'sts:GetCallerIdentity').sort();
    },
    /** Every call of these actions is refused, within `act`. */
    async without<T>(actions: Iterable<string>, act: () => Promise<T>): Promise<T> {
      for (const action of actions) denied.add(action);
      try {
        return await act();
      } finally {
        denied.clear();
      }
    },
    /** Words are split at spaces. Who keeps to a pace, or looks again later, does so in a twentieth of the time. */
    typed: (line: string, more: string[] = []): Promise<Ran> =>
      run([...line.split(' '), ...more], { cwd, clock: restlessClock(20) }),
  };
}

/** By command: what it says, and with which actions it can be tried without changing anything. */
export const looking: Record<string, string[]> = {
  machines: ['machines ask'],
  list: ['list', 'list --failed --group', 'list ask'],
  show: ['show b1', 'show m1'],
  watch: ['watch m1'],
  history: ['history b1'],
  logs: ['logs c1'],
  graph: ['graph m1', 'graph ask'],
  pending: ['pending'],
  'task list': ['task list'],
  stats: ['stats', 'stats called'],
  diff: ['diff ask broken', 'diff b1 c1'],
  top: ['top --plain'],
  rehearse: ['rehearse c1'],
  doctor: ['doctor'],
};
/** In this order. */
export const changing: Record<string, string[]> = {
  start: [
    'start ask --input {"requestId":"r-1"} --name a1',
    'start ask --input {"requestId":"r-2"} --name a2',
    'start ask --input {"requestId":"r-3"} --name a3',
    'start ask --input {"requestId":"r-4"} --name a4',
    'start broken --name b1 --follow',
    'start called --name c1 --follow',
    'start many --input {"items":[1,2]} --name m1 --follow',
    'start ask --state Done',
  ],
  import: ['import goods.csv'],
  'task start': ['task start items.json'],
  rerun: ['rerun c1'],
  'trigger stream': ['trigger stream dev-table row.json --function notify'],
  'trigger queue': ['trigger queue q row.json --function notify'],
};
export const answering: Record<string, string[]> = {
  approve: ['approve r-1'],
  heartbeat: ['heartbeat r-2'],
  fail: ['fail r-2 --error No'],
  reject: ['reject r-3 --reason no'],
  stop: ['stop a4'],
  redrive: ['redrive a4'],
};

/** What a line called when nothing was refused, and how it ended. */
export interface Tried {
  called: string[];
  code: number;
}

export async function trial(role: Awaited<ReturnType<typeof roleWorld>>, line: string): Promise<Tried> {
  role.called();
  const { code } = await role.typed(line);
  return { called: role.called(), code };
}
