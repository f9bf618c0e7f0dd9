import { FlowError } from '../../errors.js';
import { jobOfInput } from '../../framework/import/job-of-input.js';
import { parsedJson } from '../../json/json.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { askedOf, payloadOf } from '../../workflow/answer/sent-payload.js';
import type { PausedTask } from './read-paused.js';

type States = Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution'>;

/** The import of one file, for which a step of a ZIP's import waits: it gives the step's token back. */
export interface AwaitedImport {
  /** The ZIP's job. */
  jobId: string;
  /** Of the file in S3. */
  key: string;
  /** Undefined: none was found. */
  child?: { jobId?: string; executionArn: string; status: string };
  /** It will not answer any more. */
  stuck?: string;
}

/** Executions are found by their input: the framework does not keep their names. */
const mostLookedInto = 50;
const slack = 60_000;

/** What the steps of ZIP imports among `tasks` wait for. @param importMachine asked for where there are any */
export async function awaitedImports(
  states: States,
  tasks: PausedTask[],
  importMachine: () => Promise<string>,
  now: number,
): Promise<Map<PausedTask, AwaitedImport>> {
  const found = new Map<PausedTask, AwaitedImport>();
  const zips = tasks.flatMap((task) => {
    const awaited = zipFileOf(task);
    return awaited ? [[task, awaited] as const] : [];
  });
  if (zips.length === 0) return found;
  const oldest = zips.reduce((first, [{ since }]) => Math.min(first, since), Number.POSITIVE_INFINITY);
  const children = await childrenSince(states, importMachine, oldest);
  for (const [task, awaited] of zips) {
    const child = children?.find(({ input }) => memberOf(input, 'key') === awaited.key);
    const { executionArn, status, input } = child ?? {};
    const known = child && {
      child: { jobId: jobOfInput(input), executionArn: executionArn ?? '', status: status ?? '' },
    };
    const stuck = children && whyStuck(child, task.since, now);
    found.set(task, { ...awaited, ...known, ...(stuck && { stuck }) });
  }
  return found;
}

function zipFileOf(task: PausedTask): Pick<AwaitedImport, 'jobId' | 'key'> | undefined {
  const jobId = jobOfInput(task.executionInput);
  const asked = jobId?.startsWith('ZIP_IMPORT#') ? askedOf(task) : null;
  const key = asked === null ? undefined : memberOf(JSON.stringify(payloadOf(asked)), 'input');
  return jobId !== undefined && typeof key === 'string' ? { jobId, key } : undefined;
}

/** Undefined where the machine is not known, or may not be looked at. */
async function childrenSince(
  states: States,
  importMachine: () => Promise<string>,
  since: number,
): Promise<ExecutionDescription[] | undefined> {
  const children: ExecutionDescription[] = [];
  try {
    const stateMachineArn = await importMachine();
    for await (const { executionArn, startDate } of states.listExecutions({
      stateMachineArn,
      atMost: mostLookedInto,
    })) {
      if (startDate.getTime() < since - slack) break;
      children.push(await states.describeExecution(executionArn));
    }
    return children;
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}

function whyStuck(child: ExecutionDescription | undefined, since: number, now: number): string | undefined {
  if (child === undefined) return now - since > slack ? 'no execution imports its file' : undefined;
  const { stopDate, status } = child;
  if (stopDate === undefined || now - stopDate.getTime() < slack) return undefined;
  return `the import of its file is ${status}, and did not answer`;
}

function memberOf(text: string | undefined, name: string): unknown {
  const value = parsedJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}
