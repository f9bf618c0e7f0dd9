import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exitCodes } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { definitionInFile } from '../../operations/execution/definition-in-file.js';
import type { FoundDefinition } from '../../operations/execution/find-definition.js';
import { findDefinition } from '../../operations/execution/find-definition.js';
import { showSavedExecution } from '../../operations/execution/show-execution.js';
import { graphMermaid } from '../../views/graph/mermaid.js';
import { overlayOf } from '../../views/graph/overlay.js';
import { graphSvg } from '../../views/graph/svg.js';
import { graphLines } from '../../views/graph/terminal.js';
import { lineText } from '../../views/states/segments.js';
import { widthOf } from '../../views/text/fit.js';
import { graphOf } from '../../workflow/definition/graph.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { declaration } from './graph.js';

export const run: Run<typeof declaration> = async (context, [source], options) => {
  const found = await definitionOf(context, String(source), options.machine);
  const model = await modelOf(context, found, options.history);
  const flow = graphOf(found.definition);
  context.out.json(flow);
  if (context.output !== 'text') return exitCodes.ok;
  const overlay = model && overlayOf(model);
  if (options.format === 'svg') {
    context.out.line(graphSvg(flow, overlay).trimEnd());
  } else if (options.format === 'mermaid') {
    context.out.line(graphMermaid(flow, overlay).trimEnd());
  } else await printInTerminal(context, flow, overlay);
  return exitCodes.ok;
};

async function printInTerminal(
  context: Context,
  ...[flow, overlay]: Parameters<typeof import('../../views/graph/terminal.js').graphLines>
): Promise<void> {
  const { terminal } = context;
  const lines = graphLines(flow, overlay);
  for (const line of lines) context.out.line(lineText(line, terminal.color));
  const widest = lines.reduce((most, line) => Math.max(most, widthOf(lineText(line, false))), 0);
  if (terminal.stdoutIsTTY && widest > terminal.columns)
    context.err.notice(
      `The picture is ${widest} columns wide: pipe it through less -S, or take --format svg.`,
    );
}

async function definitionOf(context: Context, source: string, machine: unknown): Promise<FoundDefinition> {
  if (source === '-' || (await isFile(context, source))) {
    return await definitionInFile({
      path: source,
      text: await readText(context, source),
      machine: typeof machine === 'string' ? machine : undefined,
      commandFor: (name) => `mbc-flow graph ${source} --machine ${name}`,
      read: (path) => readText(context, join(dirname(source), path)).catch(() => undefined),
    });
  }
  const target = await context.connect({ changes: false });
  return await findDefinition(target.gateways, source, target, context.clock.now());
}

async function isFile(context: Context, source: string): Promise<boolean> {
  if (/^(arn:|@|https?:)/.test(source)) return false;
  const stats = await stat(resolve(context.cwd, source)).catch(() => undefined);
  // What is written as a path is missed as one.
  return stats ? stats.isFile() : /[\\/]|\.(json|asl|ya?ml)$/.test(source);
}

async function modelOf(context: Context, found: FoundDefinition, history: unknown) {
  if (typeof history !== 'string') return found.model;
  return showSavedExecution(await readText(context, history), history).model;
}
