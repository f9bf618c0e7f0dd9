import type { Line } from '../states/styled-lines.js';
import { padded, truncate, widthOf } from '../text/width.js';
import { actsHere } from './acts.js';
import { roomIn } from './scroll.js';
import { type DeskState, type DeskView, listOf, placeOf } from './state.js';

/** What a key does here; the short form stands in the last line. */
interface HelpKey {
  keys: string;
  short?: string;
  what: string;
}

/** Every key of where one is. */
function keysHere(state: DeskState, view: DeskView): HelpKey[] {
  const acts = actsHere(state, view).map(({ key, label, what }) => ({ keys: key, short: label, what }));
  return [...movesHere(state), ...acts, ...always(state)];
}

function movesHere(state: DeskState): HelpKey[] {
  const place = placeOf(state);
  const move: HelpKey = { keys: '↑↓ j k', what: 'up, down; PgUp, PgDn: a page; g, G: first, last' };
  if (place?.kind === 'done') return [move];
  if (place?.kind === 'job')
    return [
      { keys: '⏎', short: 'execution', what: 'the execution, or the file of a ZIP, of this line' },
      move,
    ];
  if (place?.kind === 'execution') {
    const around: HelpKey[] = [{ keys: '1-5 Tab', short: 'pane', what: 'states, events, data, logs, graph' }];
    if (place.pane === 'states')
      return [
        { keys: '⏎', short: 'open', what: 'open or close; of a state its data, of a map run its executions' },
        { keys: 'i', short: 'data', what: 'input, output and failure of the state as a tree' },
        { keys: 'n', short: 'next failure', what: 'the next state that failed, was retried or caught' },
        ...around,
        { keys: 'f', what: 'all states, what failed, what is at work' },
        { keys: 'l v', what: 'log lines, events' },
        move,
      ];
    if (place.pane === 'data')
      return [
        { keys: '⏎ ← →', short: 'open/close', what: 'open or close what is inside' },
        { keys: '/', short: 'search', what: 'search names and values; n, N: next, previous' },
        ...around,
        move,
      ];
    return [
      { keys: '/', short: 'search', what: 'search; n, N: next, previous' },
      { keys: '← →', short: 'scroll', what: 'scroll to the side' },
      ...around,
      move,
    ];
  }
  if (place?.kind === 'step')
    return [
      { keys: '⏎ ← →', short: 'open/close', what: 'open or close what is inside' },
      { keys: '/', what: 'search names and values; n, N: next, previous' },
      move,
    ];
  return [
    { keys: '⏎', short: 'open', what: 'what is in it' },
    { keys: '/', short: 'filter', what: 'only rows with these words; !word: without it' },
    { keys: 'n', what: 'the next one that failed' },
    { keys: 'Space', what: 'mark for what is done to several' },
    ...(place ? [] : [{ keys: '1-4 Tab', what: 'executions, paused steps, imports and batches, machines' }]),
    move,
  ];
}

function always(state: DeskState): HelpKey[] {
  const list = listOf(state);
  const back =
    state.places.length > 0 ||
    state.machine !== undefined ||
    (list?.filter ?? '') !== '' ||
    (list?.marks.size ?? 0) > 0;
  return [
    ...(back
      ? [{ keys: 'Esc', short: 'back', what: 'back to where one was; first what was typed or marked' }]
      : []),
    { keys: 'u', what: 'look at everything again now' },
    { keys: 'D', what: 'what was done from here' },
    { keys: 'Ctrl-Z', what: 'to the shell; fg comes back' },
    { keys: '?', short: 'keys', what: 'every key of where one is' },
    { keys: 'q', short: 'quit', what: 'leave; executions go on' },
  ];
}

/** Each key and what it does, on as many lines as it takes. */
export function helpText(state: DeskState, view: DeskView): Line[] {
  const keys = keysHere(state, view);
  const width = keys.reduce((most, one) => Math.max(most, widthOf(one.keys)), 0);
  const room = Math.max(16, view.columns - width - 4);
  return keys.flatMap(({ keys, what }) =>
    wordsOn(what, room).map(
      (text, index): Line => [
        { text: `  ${padded(index === 0 ? keys : '', width)}  `, bold: true, color: 'cyan' },
        { text: truncate(text, room) },
      ],
    ),
  );
}

function wordsOn(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(`${line} ${word}`) > columns) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** What can be typed: as much of it as there is room for, the way out always. */
export function footLine(state: DeskState, view: DeskView): Line {
  const { columns } = view;
  if (state.asking)
    return plainFoot(
      state.asking.oneKey
        ? 'y: yes   any other key: no, nothing is changed'
        : 'Enter: go on   Esc: nothing is changed',
      columns,
    );
  if (state.typing) return plainFoot('type words   Enter: keep   Esc: drop', columns);
  if (state.help) {
    const more = helpText(state, view).length > roomIn(view);
    return plainFoot(`${more ? '↑ ↓ Space: more keys   any other key: back' : 'any key: back'}`, columns);
  }
  const here = keysHere(state, view).filter(({ short }) => short !== undefined);
  const out = here.filter(({ keys }) => ['?', 'q', 'Esc'].includes(keys));
  // What changes something is what one looks for.
  const acts = new Set(actsHere(state, view).map(({ key }) => key));
  const rest = here.filter((one) => !out.includes(one));
  const order = [
    ...rest.slice(0, 1),
    ...rest.filter(({ keys }) => acts.has(keys)),
    ...rest.slice(1).filter(({ keys }) => !acts.has(keys)),
  ];
  const widthFor = ({ keys, short = '' }: HelpKey): number => widthOf(keys) + widthOf(short) + 3;
  let left = columns - out.reduce((sum, one) => sum + widthFor(one), 0);
  const shown = order.filter((one) => {
    if (widthFor(one) > left) return false;
    left -= widthFor(one);
    return true;
  });
  return [...shown, ...out].flatMap(
    ({ keys, short = '' }): Line => [
      { text: keys, bold: true, color: 'cyan' },
      { text: ` ${short}  `, dim: true },
    ],
  );
}

const plainFoot = (text: string, columns: number): Line => [{ text: truncate(text, columns), dim: true }];
