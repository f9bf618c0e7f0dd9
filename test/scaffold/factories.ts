import fc from 'fast-check';
import typescript from 'typescript';
import { addRoute, type Route } from '../../src/scaffold/typescript/factory.js';
import { application } from './application.js';
import { core, type FactoryFile, factoryFile } from './factory-styles.js';

export interface Outcome {
  files: number;
  patched: number;
  refused: string[];
  /** What is wrong, with the text of the file before and after. */
  faults: string[];
}

const ours = fc.constantFrom(
  'approval',
  'order',
  'order-approval',
  'approval-2',
  'import-csv-2',
  'pp',
  'nightly-2',
  '2fa',
);

const others = `export class OtherEvent {
  source = ''
  constructor(readonly name: string, readonly event: any) {}
}
export class OwnFactory {
  async transformStepFunction(_event: any): Promise<any[]> {
    return ['own']
  }
}
`;
const newEvent = `import { IEvent, StepFunctionsEvent } from '${core}'
export class NewSfnEvent<T = any> implements IEvent {
  source = 'new'
  constructor(readonly event: StepFunctionsEvent<T>) {}
}
`;

/** Patches `count` random factories, compiles them against the real framework and asks them where events go. */
export async function patchFactories(seed: number, count: number): Promise<Outcome> {
  const cases = fc.sample(fc.tuple(factoryFile, ours), { seed, numRuns: count });
  const outcome: Outcome = { files: count, patched: 0, refused: [], faults: [] };
  const files: Record<string, string> = { 'src/others.ts': others, 'src/new.event.ts': newEvent };
  for (const [index, [file, name]] of cases.entries()) {
    const route: Route = { machine: name, event: 'NewSfnEvent', from: './new.event' };
    const factory = { path: `src/f${index}.ts`, className: 'Factory', text: file.text };
    const patched = addRoute(factory, route);
    if (patched.kind === 'refused') {
      outcome.refused.push(patched.why);
      continue;
    }
    const say = (what: string, text = ''): void => {
      outcome.faults.push(`${what}\n--- ${name}, before\n${file.text}\n--- after\n${text}`);
    };
    if (patched.kind === 'unchanged') {
      say('nothing was patched');
      continue;
    }
    outcome.patched++;
    if (addRoute({ ...factory, text: patched.text }, route).kind !== 'unchanged')
      say('a second run patches again', patched.text);
    if (patched.text.includes('\r\n') && /[^\r]\n/.test(patched.text))
      say('line ends are mixed', patched.text);
    for (const fault of await misrouted(file, name, patched.text)) say(fault, patched.text);
    files[`src/f${index}.ts`] = patched.text;
  }
  outcome.faults.push(...application(files).compile());
  return outcome;
}

async function misrouted(file: FactoryFile, name: string, patched: string): Promise<string[]> {
  const [before, after] = [load(file.text), load(patched)];
  const faults: string[] = [];
  for (const machine of [name, `dev-demo-${name}`, `dev-demo-${name}-handler`, `dev-demo-${name}/rows`])
    if ((await after(machine)) !== 'new') faults.push(`${machine} goes to ${await after(machine)}`);
  const present = [...file.routes.map((route) => route.name), 'command', 'sfn-task', 'import-csv'];
  for (const machine of present.flatMap((one) => [one, `dev-demo-${one}`])) {
    const [was, is] = [await before(machine), await after(machine)];
    if (was !== is) faults.push(`${machine} went to ${was}, and goes to ${is}`);
  }
  return faults;
}

/** The factory of a text, asked for the machine's event: `new`, the other event's name, or `super`. */
function load(text: string): (machine: string) => Promise<string> {
  const { outputText } = typescript.transpileModule(text, {
    compilerOptions: {
      module: typescript.ModuleKind.CommonJS,
      target: typescript.ScriptTarget.ES2021,
      experimentalDecorators: true,
    },
  });
  class DefaultEventFactory {
    async transformStepFunction(): Promise<unknown[]> {
      return ['super'];
    }
  }
  const modules: Record<string, object> = {
    [core]: { DefaultEventFactory, EventFactory: () => () => {} },
    './others': {
      OtherEvent: class {
        constructor(readonly name: string) {}
      },
      OwnFactory: DefaultEventFactory,
    },
    './new.event': {
      NewSfnEvent: class {
        readonly name = 'new';
      },
    },
  };
  const exported: Record<string, new () => { transformStepFunction?(event: object): Promise<unknown[]> }> =
    {};
  new Function('require', 'exports', outputText)((from: string) => modules[from], exported);
  const Factory = exported.Factory ?? exported.default;
  if (!Factory) throw new Error(`no factory in ${text}`);
  return async (machine) => {
    const [first] =
      (await new Factory().transformStepFunction?.({ context: { StateMachine: { Name: machine } } })) ?? [];
    return typeof first === 'object' && first !== null && 'name' in first
      ? String(first.name)
      : String(first);
  };
}
