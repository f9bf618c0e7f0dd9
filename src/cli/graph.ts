import { exitCodes } from '../errors.js';
import type { FoundDefinition } from '../operations/find-definition.js';
import type { Command, Context } from './command.js';
import { readText } from './read-text.js';

export const graph: Command = {
  name: 'graph',
  summary: 'A state machine as a picture; of an execution, what ran is coloured',
  description:
    'Draws in the terminal, or writes SVG or Mermaid to stdout. An execution shows what ran, how often, how long.',
  arguments: [
    {
      syntax: '<source>',
      description: 'state machine (role, name, ARN), execution, or a file: ASL or a template, JSON or YAML',
    },
  ],
  options: [
    {
      flags: '--format <form>',
      description: 'of the picture',
      default: 'terminal',
      choices: ['terminal', 'svg', 'mermaid'],
    },
    { flags: '--machine <name>', description: 'of a template that has several: its name or logical id' },
    { flags: '--history <file>', description: 'colour a definition by a saved history' },
  ],
  examples: [
    { line: 'mbc-flow graph @last', what: 'what the last execution did' },
    { line: 'mbc-flow graph command --format svg > command.svg', what: 'a machine, for a browser' },
    { line: 'mbc-flow graph infra/approval.asl.yaml', what: 'a file, without calling anyone' },
    { line: 'mbc-flow graph cdk.out/app.template.json --machine approval', what: 'one of a template' },
  ],
  async run(context, [source], options) {
    const found = await definitionOf(context, String(source), options.machine);
    const model = await modelOf(context, found, options.history);
    const { graphOf } = await import('../workflow/graph.js');
    const flow = graphOf(found.definition);
    context.out.json(flow);
    if (context.output !== 'text') return exitCodes.ok;
    const { overlayOf } = await import('../views/graph/overlay.js');
    const overlay = model && overlayOf(model);
    if (options.format === 'svg') {
      const { graphSvg } = await import('../views/graph/svg.js');
      context.out.line(graphSvg(flow, overlay).trimEnd());
    } else if (options.format === 'mermaid') {
      const { graphMermaid } = await import('../views/graph/mermaid.js');
      context.out.line(graphMermaid(flow, overlay).trimEnd());
    } else await printInTerminal(context, flow, overlay);
    return exitCodes.ok;
  },
};

async function printInTerminal(
  context: Context,
  ...[flow, overlay]: Parameters<typeof import('../views/graph/terminal.js').graphLines>
): Promise<void> {
  const [{ graphLines }, { lineText }] = await Promise.all([
    import('../views/graph/terminal.js'),
    import('../views/segments.js'),
  ]);
  const { widthOf } = await import('../views/fit.js');
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
    const { definitionInFile } = await import('../operations/definition-in-file.js');
    const { dirname, join } = await import('node:path');
    return await definitionInFile({
      path: source,
      text: await readText(context, source),
      machine: typeof machine === 'string' ? machine : undefined,
      commandFor: (name) => `mbc-flow graph ${source} --machine ${name}`,
      read: (path) => readText(context, join(dirname(source), path)).catch(() => undefined),
    });
  }
  const target = await context.connect({ changes: false });
  const { findDefinition } = await import('../operations/find-definition.js');
  return await findDefinition(target.gateways, source, target, context.clock.now());
}

async function isFile(context: Context, source: string): Promise<boolean> {
  if (/^(arn:|@|https?:)/.test(source)) return false;
  const [{ stat }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  const stats = await stat(resolve(context.cwd, source)).catch(() => undefined);
  // What is written as a path is missed as one.
  return stats ? stats.isFile() : /[\\/]|\.(json|asl|ya?ml)$/.test(source);
}

async function modelOf(context: Context, found: FoundDefinition, history: unknown) {
  if (typeof history !== 'string') return found.model;
  const { showSavedExecution } = await import('../operations/show-execution.js');
  return showSavedExecution(await readText(context, history), history).model;
}
