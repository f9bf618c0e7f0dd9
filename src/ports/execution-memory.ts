/** What cannot change of an execution, kept between commands: it never holds a token. */
export interface RememberedExecution {
  /** Epoch milliseconds: a name may be given again. */
  startDate: number;
  /** Request ids in its input, where that was read. */
  inputIds?: string[];
  /** Of its steps, where they were read. */
  steps?: RememberedSteps;
}
/** What holds until it is redriven. */
export interface RememberedSteps {
  redriveCount: number;
  /** That were sent with its steps. */
  requestIds: string[];
  asleep?: Sleep;
}
/** An execution does nothing but wait in a Wait state. */
export interface Sleep {
  /** Epoch milliseconds. */
  until: number;
  /** Revision of the definition that says so; absent where the execution is known to run that one. */
  by?: string;
}
export interface RememberedMachine {
  /** Some version of it has a step that waits, and may have executions that run. */
  pauses?: boolean;
  /** By name. */
  executions: ReadonlyMap<string, RememberedExecution>;
}

/** Damaged or lost, it remembers nothing; it is no more than a saving. */
export interface ExecutionMemory {
  load(stateMachineArn: string): Promise<RememberedMachine>;
  /**
   * Adds to what is there, whoever else adds to it at the same time. Gives what is there now; undefined where nothing can
   * be written.
   */
  add(stateMachineArn: string, learned: RememberedMachine): Promise<RememberedMachine | undefined>;
}

/** For whoever looks once only. */
export const noMemory: ExecutionMemory = {
  load: async () => ({ executions: new Map() }),
  add: async (_, learned) => learned,
};

/** Where they are of two executions that had the name, `learned` it is. */
export function bothExecutions(
  known: RememberedExecution | undefined,
  learned: RememberedExecution,
): RememberedExecution {
  if (known?.startDate !== learned.startDate) return learned;
  const inputIds = learned.inputIds ?? known.inputIds;
  const steps = bothSteps(known.steps, learned.steps);
  return { startDate: learned.startDate, ...(inputIds && { inputIds }), ...(steps && { steps }) };
}

function bothSteps(
  known: RememberedSteps | undefined,
  learned: RememberedSteps | undefined,
): RememberedSteps | undefined {
  if (!known || !learned) return learned ?? known;
  if (known.redriveCount !== learned.redriveCount)
    return known.redriveCount > learned.redriveCount ? known : learned;
  const requestIds = [...new Set([...known.requestIds, ...learned.requestIds])];
  const asleep = latestSleep(known.asleep, learned.asleep);
  return { redriveCount: learned.redriveCount, requestIds, ...(asleep && { asleep }) };
}

/** What is certain holds until a later Wait is seen. */
function latestSleep(known: Sleep | undefined, learned: Sleep | undefined): Sleep | undefined {
  if (!known || !learned) return learned ?? known;
  return known.by === undefined && known.until >= learned.until ? known : learned;
}
