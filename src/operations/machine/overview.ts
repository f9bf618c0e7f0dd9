import type {
  ExecutionSummary,
  MachineAlias,
  MachineVersion,
  StateMachineDescription,
  StepFunctionsGateway,
} from '../../ports/aws.js';
import { allowed } from '../pace/unless-denied.js';

/** All about one machine. What the caller may not read is undefined. */
export interface MachineOverview {
  machine: StateMachineDescription;
  /** The newest first; `more`: there are others. */
  versions?: { some: MachineVersion[]; more: boolean };
  aliases?: MachineAlias[];
  tags?: Record<string, string>;
  /** The newest executions of a STANDARD machine. */
  newest: ExecutionSummary[];
}

type States = Pick<
  StepFunctionsGateway,
  'describeStateMachine' | 'listVersions' | 'listAliases' | 'describeAlias' | 'tags' | 'listExecutions'
>;

/** AWS describes one alias a second. */
const [MOST_VERSIONS, MOST_ALIASES, MOST_EXECUTIONS] = [10, 10, 5];

export async function machineOverview(states: States, arn: string): Promise<MachineOverview> {
  const machine = await states.describeStateMachine(arn);
  // Of a version or an alias: the machine's own.
  const stateMachineArn = arn.split(':').slice(0, 7).join(':');
  const [versions, aliases, tags, newest] = await Promise.all([
    allowed(() => first(states.listVersions(stateMachineArn), MOST_VERSIONS)),
    allowed(async () => {
      const { some } = await first(states.listAliases(stateMachineArn), MOST_ALIASES);
      const described: MachineAlias[] = [];
      for (const { aliasArn } of some) described.push(await states.describeAlias(aliasArn));
      return described;
    }),
    allowed(() => states.tags(stateMachineArn)),
    machine.type === 'EXPRESS'
      ? undefined
      : allowed(() =>
          first(states.listExecutions({ stateMachineArn, atMost: MOST_EXECUTIONS }), MOST_EXECUTIONS),
        ),
  ]);
  return { machine, versions, aliases, tags, newest: newest?.some ?? [] };
}

async function first<T>(all: AsyncIterable<T>, most: number): Promise<{ some: T[]; more: boolean }> {
  const some: T[] = [];
  for await (const one of all) {
    if (some.length === most) return { some, more: true };
    some.push(one);
  }
  return { some, more: false };
}
