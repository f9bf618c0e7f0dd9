import type { MachineOverview } from '../../operations/machine/overview.js';
import { type Outline, outlineOf } from '../../workflow/definition/outline.js';
import { consoleUrl } from '../../workflow/names/console-url.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { executionLines, executionListDocument } from '../execution/list.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import type { TableLook } from '../text/table.js';
import { zonedTime } from '../text/time.js';
import { padded, truncate } from '../text/width.js';
import { machineDocument } from './machines.js';

export interface OverviewLook extends TableLook {
  color: boolean;
  now: number;
  /** No console. */
  loopback: boolean;
  flagsForHints: string;
}

/** `machines <name> -o json`. */
export const overviewDocument = ({ machine, versions, aliases, tags, newest }: MachineOverview) => ({
  ...machineDocument(machine),
  status: machine.status ?? null,
  description: machine.description ?? null,
  updateDate: machine.updateDate?.toISOString() ?? null,
  revisionId: machine.revisionId ?? null,
  roleArn: machine.roleArn,
  logging: {
    level: machine.logLevel ?? 'OFF',
    logGroupArn: machine.logGroupArn ?? null,
    includeExecutionData: machine.includeExecutionData ?? false,
  },
  tracingEnabled: machine.tracingEnabled ?? false,
  versions:
    versions?.some.map(({ versionArn, creationDate }) => ({
      stateMachineVersionArn: versionArn,
      creationDate: creationDate.toISOString(),
    })) ?? null,
  aliases:
    aliases?.map(({ aliasArn, name, routes }) => ({
      stateMachineAliasArn: aliasArn,
      name,
      routingConfiguration: routes.map((route) => ({
        stateMachineVersionArn: route.versionArn,
        weight: route.weight,
      })),
    })) ?? null,
  tags: tags ?? null,
  outline: outlineOf(machine.definition),
  executions: newest.map(executionListDocument),
  definition: machine.definition,
});

export function overviewLines(overview: MachineOverview, look: OverviewLook): string[] {
  const { machine, versions, aliases, tags, newest } = overview;
  const ink = paint(look.color);
  const room = (look.stdoutIsTTY ? look.columns : 1000) - 14;
  const lines = [`${ink.bold(oneLine(machine.name))}  ${machine.type}  ${machine.status ?? ''}`.trimEnd()];
  const field = (name: string, text: string | undefined, whole = false): void => {
    if (text)
      lines.push(`  ${ink.dim(padded(name, 11))} ${whole ? oneLine(text) : truncate(oneLine(text), room)}`);
  };
  field('arn', machine.stateMachineArn, true);
  field('about', machine.description);
  field('created', zonedTime(machine.creationDate, look));
  if (machine.updateDate && machine.updateDate.getTime() !== machine.creationDate.getTime())
    field('changed', zonedTime(machine.updateDate, look));
  field('role', machine.roleArn, true);
  field('logging', loggingText(overview));
  field('log group', machine.logGroupArn?.replace(/^.*:log-group:|:\*$/g, ''), true);
  field('tracing', machine.tracingEnabled ? 'X-Ray' : 'off');
  field(
    'versions',
    versions &&
      listText(
        versions.some.map(({ versionArn }) => versionArn.split(':').at(-1) ?? ''),
        versions.more,
      ),
  );
  for (const { name, routes } of aliases ?? [])
    field(
      'alias',
      `${name} → ${routes.map((route) => `${route.versionArn.split(':').at(-1)} (${route.weight}%)`).join(', ')}`,
    );
  field(
    'tags',
    Object.entries(tags ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join('  '),
  );
  const hidden = [!versions && 'versions', !aliases && 'aliases', !tags && 'tags'].filter(Boolean);
  if (hidden.length > 0) field('hidden', `no permission to read ${hidden.join(', ')}`);
  if (!look.loopback) field('console', consoleUrl(machine.stateMachineArn), true);
  lines.push('', ink.bold('Definition'));
  definitionFields(outlineOf(machine.definition), field);
  if (newest.length > 0)
    lines.push('', ink.bold('Newest executions'), ...executionLines(newest, look.now, look));
  lines.push('', ink.bold('Next'));
  const { functions } = outlineOf(machine.definition);
  const logged = (machine.logLevel ?? 'OFF') !== 'OFF' || functions.length > 0;
  const next = ['graph', 'stats', ...(newest.length > 0 ? ['list'] : []), ...(logged ? ['logs'] : [])];
  for (const command of next)
    lines.push(`  ${ink.cyan(`mbc-flow ${command} ${shellWord(machine.name)}${look.flagsForHints}`)}`);
  return lines;
}

function definitionFields(outline: Outline, field: (name: string, text: string | undefined) => void): void {
  const types = Object.entries(outline.types).map(([type, number]) => `${number} ${type}`);
  field('comment', outline.comment);
  field('language', outline.queryLanguage);
  field('starts at', outline.startAt);
  field('states', `${outline.states}: ${types.join(', ')}`);
  field('pauses in', outline.pauses.join(', '));
  field('map runs', outline.distributedMaps.join(', '));
  field('functions', outline.functions.join(', '));
  field('starts', outline.machines.join(', '));
  if (outline.timeoutSeconds !== undefined) field('timeout', formatDuration(outline.timeoutSeconds * 1000));
}

function loggingText({ machine: { logLevel = 'OFF', includeExecutionData } }: MachineOverview): string {
  if (logLevel === 'OFF') return 'off';
  return `${logLevel}${includeExecutionData ? ', with inputs and outputs' : ''}`;
}

const listText = (names: string[], more: boolean): string => [...names, ...(more ? ['…'] : [])].join(', ');
