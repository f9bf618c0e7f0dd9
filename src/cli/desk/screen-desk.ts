import type { SeenChildren } from '../../operations/desk/map-run-children.js';
import type { Attention } from '../../operations/desk/poll-target.js';
import type { DeskData } from '../../operations/desk/snapshot.js';
import { deskLines } from '../../views/desk/frame.js';
import { isExecution, pressKey } from '../../views/desk/keys.js';
import { cursorIn } from '../../views/desk/list-lines.js';
import { listShown, rowsOf } from '../../views/desk/lists.js';
import {
  type DeskState,
  type DeskView,
  initialDesk,
  listOf,
  openedExecution,
  placeOf,
} from '../../views/desk/state.js';
import { machineOfExecution } from '../../workflow/names/arn.js';
import type { Context, ScreenStreams } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { deskSource, nothingYet } from './desk-source.js';
import { followJob } from './follow-job.js';
import { openPlaces } from './opened-places.js';
import { type ActingDesk, perform } from './perform-act.js';

const MOST_DONE = 200;
/** Rows around the cursor that are looked at first. */
const AROUND = 30;

/** Runs the desk on a screen until somebody leaves it. */
export async function screenDesk(
  context: Context,
  given: Target,
  streams: ScreenStreams,
  stateMachineArn: string | undefined,
): Promise<void> {
  const { clock, terminal } = context;
  const { openLines } = await import('../../views/screen/screen.js');
  const leave = new AbortController();
  const signal = AbortSignal.any([context.signal, leave.signal]);
  let state: DeskState = { ...initialDesk, machine: stateMachineArn };
  let data: DeskData = nothingYet;
  let told: string[] = [];
  let reply: ((text: string | undefined) => void) | undefined;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    leave.abort();
  };

  const size = { columns: terminal.columns, rows: terminal.rows };
  const targetShown = {
    name: given.name,
    account: given.account ?? '',
    region: given.region,
    protected: given.protected,
    hasConsole: !given.loopback,
  };
  const viewNow = (): DeskView => ({
    data,
    opened: opened.all,
    jobs: opened.jobs,
    target: targetShown,
    now: clock.now(),
    utc: terminal.utc,
    ...size,
  });
  const attention = (): Attention => attentionOf(state, viewNow());
  const { looking, target } = deskSource(context, given, { stateMachineArn, attention, signal });
  const draw = (): void => screen?.draw();
  const opened = openPlaces(
    { terminal, signal },
    { gateways: target.gateways, clock, pollMilliseconds: given.loopback ? 1_000 : 5_000, onChange: draw },
    {
      seen: (mapRunArn) => seenOf(mapRunArn, state, viewNow()),
      follow: (job, around) => followJob(context, target, job, around),
      onFailure: fail,
    },
  );
  const show = (next: DeskState): void => {
    state = next;
    opened.keep(state.places);
    draw();
  };
  const done = (text: string, failed = false): void =>
    show({ ...state, done: [...state.done, { at: clock.now(), text, failed }].slice(-MOST_DONE) });
  const question = (text: string, yesOrNo: boolean): Promise<string | undefined> => {
    if (signal.aborted) return Promise.resolve(undefined);
    const asked = new Promise<string | undefined>((resolve) => {
      reply = resolve;
    });
    const asking = { lines: told, question: text, oneKey: yesOrNo, typed: '', scroll: 0 };
    told = [];
    show({ ...state, asking });
    return asked;
  };
  const tell = (line: string): void => void told.push(line);

  const desk: ActingDesk = {
    context,
    target,
    tell,
    ask: (text) => question(text, false),
    busy: (text) => show({ ...state, busy: text }),
    done,
    changed(executionArn, since) {
      looking.touch({ executionArn, stateMachineArn: machineOfExecution(executionArn) });
      if (since !== undefined) opened.again(executionArn, since);
    },
    open: (arn) =>
      show({ ...state, places: [...state.places, openedExecution(arn, machineOfExecution(arn))] }),
    async aside(work) {
      await screen?.close(() => []);
      screen = undefined;
      try {
        return await work();
      } finally {
        screen = open();
      }
    },
    write: (control) => void streams.stdout.write(control),
  };
  let acting: Promise<void> = Promise.resolve();
  const onKey = (key: string): void => {
    const pressed = pressKey(state, key, viewNow());
    const { effect } = pressed;
    show(pressed.state);
    if (effect === undefined) return;
    if (effect.type === 'quit') {
      leave.abort();
      return;
    }
    if (effect.type === 'look') {
      looking.touchAll('everything');
      return;
    }
    if (effect.type === 'answered') {
      reply?.(effect.text);
      reply = undefined;
      return;
    }
    // One thing after the other: a question is asked about what is seen.
    if (state.busy !== undefined && effect.type !== 'copy') return;
    state = { ...state, busy: '…' };
    told = [];
    acting = perform(effect, desk)
      .catch(fail)
      .finally(() => show({ ...state, busy: undefined }));
  };
  const open = () =>
    openLines({
      ...streams,
      color: terminal.color,
      lines(columns, rows) {
        Object.assign(size, { columns, rows });
        return deskLines(state, viewNow());
      },
      onKey,
    });
  let screen: ReturnType<typeof open> | undefined = open();
  const back = [
    context.askThrough({ tell, question }),
    // Each list says how old it is.
    context.waits.through(() => {}),
  ];
  const account = given.describe().then(
    (text) => {
      targetShown.account = /account (\S+?),/.exec(text)?.[1] ?? targetShown.account;
      draw();
    },
    () => {},
  );
  const onAbort = (): void => reply?.(undefined);
  signal.addEventListener('abort', onAbort);
  try {
    for await (const snapshot of looking.data()) {
      data = snapshot;
      draw();
    }
  } catch (error) {
    if (!signal.aborted) failure ??= error;
  } finally {
    leave.abort();
    opened.close();
    await acting;
    signal.removeEventListener('abort', onAbort);
    for (const undo of back) undo();
    const { done } = state;
    await screen?.close(() => done.map(({ text }) => [{ text }]));
    void account;
  }
  if (failure !== undefined) throw failure;
}

/** What is on the screen now, for whoever looks around. */
function attentionOf(state: DeskState, view: DeskView): Attention {
  const place = placeOf(state);
  const inList = !place && state.tab === 'executions';
  const { visible, below, filter } = aroundCursor(state, view);
  return {
    list: state.tab,
    stateMachineArn: place?.kind === 'execution' ? machineOfExecution(place.executionArn) : state.machine,
    visible: place ? [] : visible,
    searching: inList && filter !== '',
    reaching:
      inList && (visible.length > 0 || filter !== '')
        ? (below?.startDate.getTime() ?? Number.NEGATIVE_INFINITY)
        : undefined,
  };
}

/** Of the executions of a map run. */
function seenOf(mapRunArn: string, state: DeskState, view: DeskView): SeenChildren {
  const place = placeOf(state);
  if (place?.kind !== 'items' || place.mapRunArn !== mapRunArn) return { visible: [], atEnd: false };
  const { visible, below } = aroundCursor(state, view);
  return { visible, atEnd: below === undefined };
}

/** The executions around the cursor of a list, and the first one below them. */
function aroundCursor(state: DeskState, view: DeskView) {
  const list = listShown(state, view);
  const lists = listOf(state);
  const rows = list && lists ? rowsOf(list, lists.filter) : [];
  const at = list && lists ? cursorIn(list, rows, lists) : 0;
  return {
    visible: rows.slice(Math.max(0, at - AROUND), at + AROUND).filter(isExecution),
    below: rows.slice(at + AROUND, at + AROUND + 1).find(isExecution),
    filter: lists?.filter ?? '',
  };
}
