import { type ExitCode, exitCodes } from '../../errors.js';
import { isObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import { type StateToTry, tryOneState } from '../../operations/start/try-state.js';
import { triedDocument, triedLines } from '../../views/start/tried-state.js';
import type { Context } from '../shell/context.js';
import { isFile, readDefinitionFile } from '../shell/input/definition-file.js';
import { readJsonArgument } from '../shell/input/json-argument.js';
import type { Target } from '../shell/target.js';

interface Trial {
  state: string;
  /** JSON text. */
  input: string;
  mock?: string;
  variables?: string;
  role?: string;
}

/** Runs one state alone and shows its data from phase to phase. */
export async function tryState(
  context: Context,
  machine: string,
  { state, input, mock, variables, role }: Trial,
): Promise<ExitCode> {
  const { out, terminal, dryRun } = context;
  const given = {
    stateName: state,
    input,
    mock: mock === undefined ? undefined : mockOf((await readJsonArgument(context, mock, mockFlag)).text),
    variables:
      variables === undefined ? undefined : (await readJsonArgument(context, variables, variablesFlag)).text,
  };
  const target = await context.connect({ changes: true });
  const found = await definitionOf(context, target, machine);
  const order: StateToTry = { ...given, ...found, roleArn: role ?? found.roleArn };
  const tried = await tryOneState(target.gateways.states, order, async (change) => {
    if (dryRun) return false;
    await target.confirm(change);
    return true;
  });
  if (!tried) {
    const line = `Would run ${state} on ${await target.describe()}; nothing was called.`;
    out.document({ dryRun: true, stateName: state }, [line]);
    return exitCodes.ok;
  }
  out.document(triedDocument(state, tried), triedLines(state, tried, terminal.color));
  return tried.status === 'SUCCEEDED' || tried.status === 'CAUGHT_ERROR' ? exitCodes.ok : exitCodes.failed;
}

const mockFlag = { flag: '--mock', what: 'mock', code: 'InvalidMock', example: '{"ok":true}' };
const variablesFlag = {
  flag: '--variables',
  what: 'variables',
  code: 'InvalidVariables',
  example: '{"name":1}',
};

/** `{"error", "cause"}` alone is a failure; all else is what the call returns. */
function mockOf(text: string): StateToTry['mock'] {
  const value = parseWritten(text);
  const names = isObject(value) ? Object.keys(value) : [];
  if (
    !isObject(value) ||
    !names.includes('error') ||
    names.some((name) => name !== 'error' && name !== 'cause')
  )
    return { result: text };
  const texts = Object.entries(value).map(([name, one]) => [
    name,
    typeof one === 'string' ? one : jsonText(one),
  ]);
  return { errorOutput: Object.fromEntries(texts) };
}

async function definitionOf(
  context: Context,
  target: Target,
  machine: string,
): Promise<{ definition: string; roleArn?: string }> {
  if (await isFile(context, machine)) {
    const read = await readDefinitionFile(
      context,
      machine,
      undefined,
      () => 'mbc-flow start approval --state Decide',
    );
    return { definition: jsonText(read.definition), roleArn: target.loopback ? localRole : undefined };
  }
  const { definition, roleArn } = await target.gateways.states.describeStateMachine(
    await target.machineArn(machine),
  );
  return { definition, roleArn };
}

/** Any does on this machine. */
const localRole = 'arn:aws:iam::101010101010:role/DummyRole';
