import type { MapRunDescription } from '../../ports/aws.js';
import type { LogDocument } from '../../views/execution/log-lines.js';
import { logLine } from '../../views/execution/log-lines.js';
import { keysHelp } from '../../views/watch/keys.js';
import * as lines from '../../views/watch/lines.js';
import { LOG_LINES } from '../../views/watch/screen-lines.js';
import type { Change, ExecutionModel } from '../../workflow/history/model.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';

/** What is known of one followed execution. */
export interface Followed {
  executionArn: string;
  /** What the user called it. */
  reference: string;
  model?: ExecutionModel;
  mapRuns: MapRunDescription[];
  /** Its newest log lines, where they are read. */
  log?: string[];
}

/** What shows progress: a screen, lines, or JSON. */
export interface Progress {
  /** It shows by itself that time passes. */
  ticks: boolean;
  update(followed: Followed, changes: Change[]): void;
  /** Lines of its log, in the order of time. */
  logged(followed: Followed, lines: LogDocument[]): void;
  /** Something about the watching itself. */
  noted(followed: Followed, text: string): void;
  close(): Promise<void>;
}

/** A screen on a terminal, lines or JSON objects elsewhere. `onQuit`: the user leaves by a key. */
export async function openProgress(
  context: Context,
  followed: Followed[],
  onQuit: () => void,
): Promise<Progress> {
  if (context.output === 'json')
    return { ticks: false, update() {}, logged() {}, noted() {}, close: async () => {} };
  if (context.output === 'text' && context.terminal.stdoutIsTTY && context.env.TERM !== 'dumb')
    return openScreen(context, followed, onQuit);
  const stateName = (one: Followed, run: MapRunDescription): string =>
    one.model?.mapRuns.find(({ mapRunArn }) => mapRunArn === run.mapRunArn)?.stateName ?? '';
  const label = ({ executionArn }: Followed): string =>
    followed.length > 1 ? (executionParts(executionArn).name ?? executionArn) : '';
  const tell = (one: Followed, change: Change): void => {
    context.out.json(lines.changeDocument(one.executionArn, change));
    const line = lines.changeLine(change, label(one));
    if (line !== undefined) context.out.line(line);
  };
  const told = new Map<string, string>();
  const tellCounts = (one: Followed, run: MapRunDescription): void => {
    const counts = JSON.stringify([run.status, run.itemCounts]);
    if (told.get(run.mapRunArn) === counts) return;
    told.set(run.mapRunArn, counts);
    const now = run.stopDate?.getTime() ?? context.clock.now();
    context.out.json(lines.mapRunDocument(run, stateName(one, run), now));
    context.out.line(lines.mapRunLine(run, stateName(one, run), now, label(one)));
  };
  return {
    ticks: false,
    update(one, changes) {
      const end = changes.at(-1)?.type === 'execution' ? changes.slice(-1) : [];
      for (const change of changes.slice(0, changes.length - end.length)) {
        // A run's last counts belong before its end, and before what came after it.
        const ended = change.type === 'mapRun' && change.status !== 'RUNNING' ? change.mapRunArn : undefined;
        for (const run of one.mapRuns) if (run.mapRunArn === ended) tellCounts(one, run);
        tell(one, change);
      }
      for (const run of one.mapRuns) tellCounts(one, run);
      // The outcome is the last line.
      for (const change of end) tell(one, change);
    },
    logged({ executionArn }, documents) {
      for (const document of documents) {
        context.out.json({ type: 'log', timestamp: document.timestamp, executionArn, log: document });
        context.out.line(logLine(document, context.terminal.color));
      }
    },
    noted: (_one, text) => context.err.notice(text),
    close: async () => {},
  };
}

/** Ink and React are loaded on a terminal only: they cost more than all the rest. */
async function openScreen(context: Context, followed: Followed[], onQuit: () => void): Promise<Progress> {
  const { openScreen } = await import('../../views/watch/screen.js');
  const screen = openScreen({
    color: context.terminal.color,
    stdin: context.stdin,
    stdout: process.stdout,
    now: context.clock.now,
    footer: keysHelp,
    onQuit,
  });
  const draw = (): void =>
    screen.draw(
      followed.flatMap(({ executionArn, model, mapRuns, log }) => {
        const { name = executionArn, stateMachineArn } = executionParts(executionArn);
        return model ? [{ name, machineName: stateMachineArn?.split(':').at(-1), model, mapRuns, log }] : [];
      }),
    );
  const noted = (one: Followed, ...lines: string[]): void => {
    if (lines.length === 0) return;
    one.log = [...(one.log ?? []), ...lines].slice(-LOG_LINES);
    draw();
  };
  const back = context.waits.through((text) => followed[0] && noted(followed[0], text));
  return {
    ticks: true,
    update: draw,
    logged: (one, documents) => noted(one, ...documents.map((document) => logLine(document, false))),
    noted,
    async close() {
      back();
      await screen.close();
    },
  };
}
