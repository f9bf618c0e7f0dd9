import type { Json } from '../asl/json.js';
import { jsonErrorOffset, positionAt } from '../config/json-syntax.js';
import { exitCodes, FlowError } from '../errors.js';
import type { FoundDefinition } from '../operations/find-definition.js';
import type { Command, Context } from './command.js';
import { readText } from './read-text.js';

export const graph: Command = {
  name: 'graph',
  summary: 'A state machine as a picture; of an execution, what ran is coloured',
  description:
    'Draws in the terminal, or writes SVG or Mermaid to stdout. An execution shows what ran, how often, how long.',
  arguments: [
    { syntax: '<source>', description: 'state machine (role, name, ARN), execution, or a definition file' },
  ],
  options: [
    {
      flags: '--format <form>',
      description: 'of the picture',
      default: 'terminal',
      choices: ['terminal', 'svg', 'mermaid'],
    },
    { flags: '--history <file>', description: 'colour a definition by a saved history' },
  ],
  examples: [
    { line: 'mbc-flow graph @last', what: 'what the last execution did' },
    { line: 'mbc-flow graph command --format svg > command.svg', what: 'a machine, for a browser' },
    { line: 'mbc-flow graph infra/approval.asl.json', what: 'a file, without calling anyone' },
  ],
  async run(context, [source], options) {
    const found = await definitionOf(context, String(source));
    const definition = parseDefinition(found.definition, found.name);
    const model = await modelOf(context, found, options.history);
    const { graphOf } = await import('../workflow/graph.js');
    const flow = graphOf(definition);
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
  const widest = Math.max(0, ...lines.map((line) => widthOf(lineText(line, false))));
  if (terminal.stdoutIsTTY && widest > terminal.columns)
    context.err.notice(
      `The picture is ${widest} columns wide: pipe it through less -S, or take --format svg.`,
    );
}

async function definitionOf(context: Context, source: string): Promise<FoundDefinition> {
  if (source === '-' || (await isFile(context, source)))
    return { name: source, definition: await readText(context, source) };
  const target = await context.connect({ changes: false });
  const { findDefinition } = await import('../operations/find-definition.js');
  return await findDefinition(target.gateways, source, target, context.clock.now());
}

async function isFile(context: Context, source: string): Promise<boolean> {
  if (/^(arn:|@|https?:)/.test(source)) return false;
  const [{ stat }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  const stats = await stat(resolve(context.cwd, source)).catch(() => undefined);
  // What is written as a path is missed as one.
  return stats ? stats.isFile() : /[\\/]|\.(json|asl)$/.test(source);
}

/** A definition, or what `aws stepfunctions describe-state-machine` prints. */
function parseDefinition(text: string, where: string): Json {
  const offset = jsonErrorOffset(text);
  if (offset !== undefined) {
    const { line, column } = positionAt(text, offset);
    throw new FlowError(exitCodes.usage, 'InvalidDefinition', 'the definition is not valid JSON', {
      where: `${where}:${line}:${column}`,
      hint: 'mbc-flow graph infra/machine.asl.json',
    });
  }
  const json = JSON.parse(text) as Json;
  const described = (json as { definition?: unknown } | null)?.definition;
  if (typeof described === 'string') return parseDefinition(described, where);
  return json;
}

async function modelOf(context: Context, found: FoundDefinition, history: unknown) {
  if (typeof history !== 'string') return found.model;
  const { showSavedExecution } = await import('../operations/show-execution.js');
  return showSavedExecution(await readText(context, history), history).model;
}
