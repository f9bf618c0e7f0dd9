import { exitCodes } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import type { FoundDefinition } from '../../operations/execution/find-definition.js';
import { findDefinition } from '../../operations/execution/find-definition.js';
import { showSavedExecution } from '../../operations/execution/show-execution.js';
import { graphDocument } from '../../views/graph/document.js';
import { graphMermaid } from '../../views/graph/mermaid.js';
import { outlineLines } from '../../views/graph/outline.js';
import { overlayOf } from '../../views/graph/overlay.js';
import { graphSvg } from '../../views/graph/svg.js';
import { graphLines } from '../../views/graph/terminal.js';
import { lineText } from '../../views/states/styled-lines.js';
import { widthOf } from '../../views/text/width.js';
import { graphOf } from '../../workflow/definition/graph.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { isFile, readDefinitionFile } from '../shell/input/definition-file.js';
import type { declaration } from './graph.js';

export const run: Run<typeof declaration> = async (context, [source], options) => {
  const found = await definitionOf(context, source, options.machine);
  const model = await modelOf(context, found, options.history);
  const flow = graphOf(found.definition);
  const overlay = model && overlayOf(model);
  const draw = {
    svg: () => [graphSvg(flow, overlay).trimEnd()],
    mermaid: () => [graphMermaid(flow, overlay).trimEnd()],
    terminal: () => inTerminal(context, flow, overlay),
  };
  context.out.document(graphDocument(flow, model), drawn(draw[options.format]));
  return exitCodes.ok;
};

/** Nothing is drawn for who takes the document. */
function* drawn(draw: () => string[]): Generator<string> {
  yield* draw();
}

function inTerminal({ terminal, err }: Context, ...graph: Parameters<typeof graphLines>): string[] {
  const lines = graphLines(...graph);
  const widest = lines.reduce((most, line) => Math.max(most, widthOf(lineText(line, false))), 0);
  if (terminal.stdoutIsTTY && widest > terminal.columns) {
    err.notice(`The picture is ${widest} columns wide: here as a list; pipe it through less -S to see it.`);
    return [...outlineLines(...graph)].map((line) => lineText(line, terminal.color));
  }
  return lines.map((line) => lineText(line, terminal.color));
}

async function definitionOf(
  context: Context,
  source: string,
  machine: string | undefined,
): Promise<FoundDefinition> {
  if (await isFile(context, source))
    return await readDefinitionFile(
      context,
      source,
      machine,
      (name) => `mbc-flow graph ${source} --machine ${name}`,
    );
  const target = await context.connect({ changes: false });
  return await findDefinition(target.gateways, source, target, context.clock.now());
}

async function modelOf(context: Context, found: FoundDefinition, history: string | undefined) {
  if (history === undefined) return found.model;
  return showSavedExecution(await readText(context, history), history).model;
}
