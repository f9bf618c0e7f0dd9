import type { FlowGraph } from '../../workflow/definition/graph.js';
import { oneLine } from '../text/safe-text.js';
import { truncate } from '../text/width.js';
import type { Overlay } from './overlay.js';

const LONGEST_LABEL = 60;

/** A drawing as a Mermaid flowchart: what Markdown viewers draw by themselves. */
export function graphMermaid(graph: FlowGraph, overlay: Overlay | undefined): string {
  const lines = ['flowchart TD'];
  const classes = new Map<string, string[]>();
  let scopes = 0;
  let states = 0;
  const add = (scope: FlowGraph, indent: string): void => {
    const ids = new Map(scope.states.map(({ name }) => [name, `s${++states}`]));
    const start = `start${++scopes}`;
    const first = ids.get(scope.startAt);
    if (first) lines.push(`${indent}${start}(( )) --> ${first}`);
    for (const state of scope.states) {
      const id = ids.get(state.name) ?? '';
      const note = overlay?.get(state.name)?.note;
      const kind = [state.type, state.detail].filter(Boolean).join(' ');
      const text = [state.name, kind, note]
        .filter(Boolean)
        .map((line) => quoted(String(line)))
        .join('<br/>');
      if (state.inside.length > 0) {
        lines.push(`${indent}subgraph ${id}["${text}"]`);
        for (const inner of state.inside) add(inner, `${indent}  `);
        lines.push(`${indent}end`);
      } else {
        const [open, close] = state.type === 'Choice' ? ['{{', '}}'] : state.end ? ['([', '])'] : ['[', ']'];
        lines.push(`${indent}${id}${open}"${text}"${close}`);
      }
      const look = overlay && (overlay.get(state.name)?.look ?? 'plain');
      if (look) classes.set(look, [...(classes.get(look) ?? []), id]);
    }
    for (const { from, to, kind, labels } of scope.transitions) {
      const label =
        labels.length > 0 ? `|"${quoted(truncate(oneLine(labels.join(' | ')), LONGEST_LABEL))}"|` : '';
      lines.push(`${indent}${ids.get(from)} ${kind === 'catch' ? '-.->' : '-->'}${label} ${ids.get(to)}`);
    }
  };
  add(graph, '  ');
  for (const [look, ids] of classes) {
    lines.push(`  classDef ${look} ${style[look] ?? ''}`, `  class ${ids.join(',')} ${look}`);
  }
  return `${lines.join('\n')}\n`;
}

const style: Record<string, string> = {
  succeeded: 'fill:#e3f6e5,stroke:#2e8b3a',
  failed: 'fill:#fde8e8,stroke:#c62828',
  caught: 'fill:#fff6d9,stroke:#b7860b',
  running: 'fill:#e2f1fd,stroke:#1c6fb5',
  aborted: 'fill:#f3e8f7,stroke:#7b3f98',
  plain: 'fill:#fff,stroke:#c4cad0',
};

/**
 * Mermaid's own way to write characters that mean something to it: comments (`%%`), formulas (`$$`), quotes, Markdown
 * (emphasis, and at the beginning lists), HTML; `direction LR` it obeys within quotes too.
 */
const quoted = (text: string): string =>
  oneLine(text).replace(
    /["#-&*+;<>@[-`{-~]|^-|(?<=^\d+)[.)]|(?<=direction) /g,
    (character) => `#${character.codePointAt(0)};`,
  );
