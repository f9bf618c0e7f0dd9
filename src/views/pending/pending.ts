import { entityLabel } from '../../framework/command/version-chain.js';
import { jsonText } from '../../json/lossless.js';
import type { AwaitedImport } from '../../operations/pending/awaited-imports.js';
import type { PendingStep } from '../../operations/pending/pending-steps.js';
import type { PausedTask } from '../../operations/pending/read-paused.js';
import type { StuckCommands } from '../../operations/pending/stuck-commands.js';
import { whyNoToken } from '../../workflow/answer/paused-steps.js';
import { askedOf, payloadOf, withoutRouting } from '../../workflow/answer/sent-payload.js';
import { machineOfExecution, machineName as nameOfMachine } from '../../workflow/names/arn.js';
import { typedName, typedNames } from '../../workflow/names/typed-name.js';
import { iso } from '../execution/show-document.js';
import { formatDuration } from '../text/duration.js';
import { colors, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { type TableLook, tableLines } from '../text/table.js';

/** One entry of `pending -o json`. */
export const pendingDocument = ({ task, stuck, awaits, token }: PendingStep, now: number) => ({
  requestId: task.requestId ?? null,
  stateMachineName: machineName(task),
  executionArn: task.execution.executionArn,
  executionName: task.execution.name,
  stateName: task.stateName,
  ...(task.iteration !== undefined && { iteration: task.iteration }),
  kind: task.kind,
  waitsOn: task.resource,
  since: iso(task.since),
  ageSeconds: Math.round((now - task.since) / 1000),
  timeoutAt: iso(task.timeoutAt),
  heartbeatAt: iso(task.heartbeatAt),
  asked: askedOf(task),
  answerable: task.kind === 'token',
  stuck: stuck ?? null,
  ...(awaits && { import: { jobId: awaits.jobId, key: awaits.key, child: awaits.child ?? null } }),
  ...(token && { token: token.reveal() }),
});

/** The same on one line; undefined where nothing is known of it. */
export function askedLine(task: Pick<PausedTask, 'parameters'>): string | undefined {
  const asked = askedOf(task);
  if (asked === null) return undefined;
  const sent = withoutRouting(payloadOf(asked));
  return oneLine(typeof sent === 'string' ? sent : jsonText(sent));
}

export function pendingLines(
  steps: PendingStep[],
  now: number,
  look: TableLook & { color: boolean },
): string[] {
  if (steps.length === 0) return [];
  const ink = paint(look.color);
  const typed = typedNames(steps.map(({ task }) => task.execution.executionArn));
  const requestIds = new Set(steps.flatMap(({ task }) => task.requestId ?? []));
  const named = requestIds.size === steps.length;
  const lines = tableLines(
    [
      { head: 'REQUEST', key: true },
      { head: 'MACHINE', drop: 2 },
      { head: 'STATE', drop: 3 },
      { head: 'WAITS' },
      { head: 'LEFT', drop: 4 },
      { head: 'ASKED', flexible: true },
      { head: '', paint: (note) => ink[colors.failed](note) },
      // A step that no request id names for itself is named by its execution.
      { head: 'EXECUTION', drop: named ? 1 : undefined },
    ],
    steps.map(({ task, stuck }) => [
      task.requestId ?? '—',
      typedMachine(task),
      task.iteration === undefined ? task.stateName : `${task.stateName}[${task.iteration}]`,
      formatDuration(now - task.since),
      timeLeft(task, now),
      askedLine(task) ?? '—',
      stuck ? 'STUCK' : '',
      typed(task.execution.executionArn),
    ]),
    look,
  );
  const tokens = steps.flatMap(({ task, token }) =>
    token ? [`${oneLine(task.requestId ?? typedName(task.execution.executionArn))}  ${token.reveal()}`] : [],
  );
  const imports = steps.flatMap(({ task, awaits, stuck }) =>
    awaits ? importLines(task, awaits, stuck?.reason) : [],
  );
  const closed = steps.filter(({ task }) => task.kind === 'activity');
  const note = closed[0] ? ['', `Not answerable from here: ${whyNoToken(closed[0].task)}.`] : [];
  return [...lines, ...tokens, ...(imports.length > 0 ? ['', ...imports] : []), ...note];
}

/** The file's import answers the step: whoever answers it here lets the next file begin before this one has ended. */
function importLines(task: PausedTask, { key, child }: AwaitedImport, stuck: string | undefined): string[] {
  const file = oneLine(key.split('/').at(-1) ?? key);
  const by = child ? `${oneLine(child.executionArn.split(':').at(-1) ?? '')} ${child.status}` : 'not started';
  const why = stuck === undefined ? '' : `; ${stuck}`;
  return [`${oneLine(task.execution.name)} waits for the import of ${file}: ${by}${why}`];
}

function timeLeft({ timeoutAt, heartbeatAt }: PausedTask, now: number): string {
  const first = Math.min(timeoutAt ?? Number.POSITIVE_INFINITY, heartbeatAt ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? formatDuration(first - now) : '—';
}

export const machineName = ({ execution }: PausedTask): string =>
  execution.stateMachineArn.split(':')[6] ?? execution.stateMachineArn;

/** What one types for it: of a map run's child, the machine that the run belongs to. */
export const typedMachine = ({ execution }: PausedTask): string =>
  nameOfMachine(machineOfExecution(execution.executionArn));

/** What `--stuck -o json` adds: the chains. */
export function chainDocument({ command, versions, cause, reason }: StuckCommands) {
  const [head] = versions;
  return {
    entity: entityLabel(command),
    table: command.table,
    cause,
    reason,
    head: head && { version: head.command.version, executionArn: head.of.execution.executionArn },
    versions: versions.map(({ command }) => command.version),
  };
}

export function chainLines(chains: StuckCommands[], now: number, flagsForHints: string): string[] {
  return chains.flatMap(({ command, versions, reason }) => {
    const [head] = versions;
    const last = versions.at(-1);
    if (!head || !last) return [];
    const range =
      head === last ? `v${head.command.version}` : `v${head.command.version} to v${last.command.version}`;
    const since = head.of.task?.since;
    const entity = /^[\w#@./:-]+$/.test(entityLabel(command))
      ? `'${entityLabel(command)}'`
      : JSON.stringify(entityLabel(command));
    return [
      `${oneLine(command.table)}  ${oneLine(entityLabel(command))}: ${versions.length} stuck, ${range}`,
      `  head   v${head.command.version} waits in ${head.of.task?.stateName ?? '?'} for ${formatDuration(now - (since ?? now))}: ${head.of.execution.executionArn}`,
      `  cause  ${oneLine(reason)}`,
      `  then   mbc-flow resume --chain ${entity}${flagsForHints} --dry-run   (each version replays its sync handlers)`,
      `         mbc-flow stop --chain ${entity}${flagsForHints}   (gives them up)`,
      '',
    ];
  });
}
