import { jsonErrorOffset, positionAt } from '../config/json-syntax.js';
import { type ExitCode, exitCodes, FlowError } from '../errors.js';
import type { Command, Context, Target } from './command.js';
import { hintReference } from './hint-reference.js';
import { readText } from './read-text.js';
import { watch } from './watch.js';

export const start: Command = {
  name: 'start',
  summary: 'Start any state machine',
  description: 'Prints the ARN of the new execution. With --follow it stays until the end, as `watch` does.',
  arguments: [{ syntax: '<machine>', description: 'state machine: role, name or ARN' }],
  options: [
    { flags: '--input <json>', description: 'JSON text, @file, or - for stdin', default: '{}' },
    { flags: '--name <name>', description: 'name of the execution (default: a random one)' },
    { flags: '--follow', description: 'follow it to its end; its outcome decides the exit code' },
  ],
  examples: [
    { line: 'mbc-flow start approval --input \'{"requestId":"r-1"}\'', what: 'with an input' },
    {
      line: 'mbc-flow start sfn-task --input @items.json --follow',
      what: 'input from a file; wait for the end',
    },
  ],
  async run(context, [machine], options) {
    const input = await readInput(context, String(options.input));
    const target = await context.connect({ changes: true });
    const stateMachineArn = await target.machineArn(String(machine));
    const change = `start ${stateMachineArn.split(':')[6] ?? stateMachineArn}`;
    if (context.dryRun) return wouldStart(context, target, { change, stateMachineArn, input });
    await target.confirm(change);
    if (options.follow === true && (await isExpressMachine(target, stateMachineArn)))
      return await startAndWait(context, target, { stateMachineArn, input, name: options.name });
    const { startExecution } = await import('../operations/start-execution.js');
    const name = typeof options.name === 'string' ? options.name : crypto.randomUUID();
    const started = await startExecution(target.gateways.states, { stateMachineArn, name, input });
    const { executionArn } = started;
    await target.rememberExecution(executionArn);
    if (options.follow === true) {
      context.err.notice(`Started ${executionArn}`);
      return await watch.run(context, [[executionArn]], {});
    }
    context.out.json({ executionArn, startDate: started.startDate.toISOString() });
    context.out.line(executionArn);
    sayHowToGoOn(context, target);
    return exitCodes.ok;
  },
};

async function isExpressMachine(target: Target, stateMachineArn: string): Promise<boolean> {
  return (await target.gateways.states.describeStateMachine(stateMachineArn)).type === 'EXPRESS';
}

/** EXPRESS executions can't be followed: the call that starts one answers when it has ended. */
async function startAndWait(
  context: Context,
  target: Target,
  { name, ...start }: { stateMachineArn: string; input: string; name: unknown },
): Promise<ExitCode> {
  const named = typeof name === 'string' ? { ...start, name } : start;
  const ended = await target.gateways.states.startSyncExecution(named);
  await target.rememberExecution(ended.executionArn);
  const { executionDocumentOf, executionOutcomeLines } = await import('../views/sync-execution.js');
  context.out.json(executionDocumentOf(ended));
  for (const line of executionOutcomeLines(ended, context.terminal.color)) context.out.line(line);
  return ended.status === 'SUCCEEDED' ? exitCodes.ok : exitCodes.failed;
}

async function wouldStart(
  context: Context,
  target: Target,
  would: { change: string; stateMachineArn: string; input: string },
): Promise<ExitCode> {
  const { change, stateMachineArn, input } = would;
  context.out.json({ dryRun: true, stateMachineArn, input });
  context.out.line(`Would ${change} on ${await target.describe()}; nothing was changed.`);
  return exitCodes.ok;
}

function sayHowToGoOn(context: Context, target: Target): void {
  const command = `mbc-flow watch ${hintReference('@last', target)}`;
  context.err.notice(
    target.carried()
      ? `No server runs it once this command ends: it rests on disk. ${command}, or mbc-flow dev, carries it on.`
      : `It goes on without us: ${command}`,
  );
}

/** The JSON text that `--input` means. @throws FlowError with the place in it when it is not JSON */
async function readInput(context: Context, given: string): Promise<string> {
  const file = given === '-' ? given : given.startsWith('@') ? given.slice(1) : undefined;
  const text = file === undefined ? given : await readText(context, file);
  const where = file === undefined ? '--input' : file === '-' ? 'stdin' : file;
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return text;
  const { line, column } = positionAt(text, offset);
  throw new FlowError(exitCodes.usage, 'InvalidInput', 'the input is not valid JSON', {
    where: `${where}:${line}:${column}`,
    hint: `--input '{"key":"value"}', --input @file.json, or --input - for stdin`,
  });
}
