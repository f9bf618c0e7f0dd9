import type { Check } from './check.js';
import { ok } from './check.js';

/** What the folder of an application shows of it. */
export interface AppFacts {
  functions: AppFunction[];
  machines: {
    name: string;
    path: string;
    missing: boolean;
    findings: { code: string; severity: string }[];
  }[];
}

export interface AppFunction {
  /** What the config calls it: `*` is every function. */
  name: string;
  /** As the config has it: `./dist/main.handler`. */
  module: string;
  /** The built file; undefined where there is none. */
  file?: string;
  /** A source is newer than it. */
  stale: boolean;
  /** Why it can't be loaded. */
  fault?: string;
}

/** Rules on how machine and application fit together: a fault of these is found by an execution only. */
const unrouted = 'MF025';

/** The application of this folder: its handler is built and loads, and knows its state machines. */
export function* examineApp({ functions, machines }: AppFacts): Generator<Check> {
  for (const one of functions) yield ofFunction(one);
  for (const { name, path, missing, findings } of machines) {
    const check = `${name} definition`;
    const serious = findings.filter(({ severity }) => severity !== 'info');
    const codes = [...new Set(serious.map(({ code }) => code))];
    if (missing)
      yield {
        check,
        status: 'fault',
        message: `${path} is not there`,
        hint: 'correct "local.machines" in mbc-flow.json',
      };
    else if (codes.includes(unrouted))
      yield {
        check,
        status: 'fault',
        message: `no event factory of the application routes ${name}: its events are treated as commands`,
        hint: `mbc-flow scaffold factory ${name}`,
      };
    else if (codes.length > 0)
      yield {
        check,
        status: serious.some(({ severity }) => severity === 'error') ? 'fault' : 'warning',
        message: `${serious.length} ${serious.length === 1 ? 'finding' : 'findings'} (${codes.join(', ')})`,
        hint: `mbc-flow lint ${path}`,
      };
    else yield ok(check, `no findings in ${path}`);
  }
}

function ofFunction({ name, module, file, stale, fault }: AppFunction): Check {
  const check = name === '*' ? 'handler' : `handler ${name}`;
  const hint = 'npm run build';
  if (file === undefined) return { check, status: 'warning', message: `${module} is not built`, hint };
  if (fault !== undefined)
    return { check, status: 'fault', message: `${file} cannot be loaded: ${fault}`, hint: `node ${file}` };
  if (stale) return { check, status: 'warning', message: `${file} is older than its sources`, hint };
  return ok(check, `${file} loads`);
}
