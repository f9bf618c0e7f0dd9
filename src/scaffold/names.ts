import { exitCodes, FlowError } from '../errors.js';

/** One name in the forms that code, files, machines and environments want. */
export interface Names {
  /** `order-approval`: folder, files and state machine. */
  kebab: string;
  /** `OrderApproval`: the stem of class names; always an identifier. */
  pascal: string;
  /** `orderApproval`. */
  camel: string;
  /** `ORDER_APPROVAL`: the stem of environment variables. */
  constant: string;
}

/** State machine names end at 80 characters, and a deployed one carries `<env>-<app>-` before ours. */
const longest = 60;

/** Of the framework: a machine, its SFN_…_ARN and its route are taken. `-handler` is what its templates append. */
const frameworkMachines = ['command', 'task', 'sfn-task', 'import-csv', 'import-zip'].flatMap((name) => [
  name,
  `${name}-handler`,
]);

/** What the framework looks for anywhere in a machine's name: it would take the events for its own. */
const frameworkParts = ['sfn-task', 'import-csv', 'import-zip'];

/** `SFN_<NAME>_ARN` that mean a machine of the framework's: CSV_IMPORT is what its documentation says. */
const frameworkVariables = ['csv-import', 'import-zip-orchestrator'];

/** Folders that builds and version control leave out. */
const ignoredFolders = ['dist', 'coverage'];

/** Stems of classes that the generated files import: `ConfigService`, `StepFunctionService`. */
const importedStems = new Set(['Config', 'StepFunction']);

/**
 * `OrderApproval`, `order_approval` and `order-approval` are the same name.
 * @throws FlowError 2: what is wrong with the name, and one that would do
 */
export function readNames(given: string): Names {
  const words = given
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_\s]+/)
    .filter((word) => word !== '');
  const kebab = words.join('-');
  if (!/^[a-z0-9-]+$/.test(kebab))
    throw badName(given, 'contains characters other than a-z, 0-9 and -', words);
  if (!/[a-z]/.test(kebab)) throw badName(given, 'contains no letter', words);
  if (kebab.length > longest) throw badName(given, `is longer than ${longest} characters`, words);
  const shadowed = frameworkMachines.find((machine) => routesTo(kebab).test(machine));
  if (shadowed !== undefined) {
    throw badName(given, `would capture the events of the framework's state machine ${shadowed}`, [
      'order',
      ...words,
    ]);
  }
  const part =
    frameworkParts.find((one) => kebab.includes(one)) ?? frameworkVariables.find((one) => one === kebab);
  if (part !== undefined)
    throw badName(given, `would be taken for the framework's state machine ${part}`, ['order', 'import']);
  if (ignoredFolders.includes(kebab))
    throw badName(given, 'is the name of a folder that builds and version control leave out', [
      ...words,
      'flow',
    ]);
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  // A class cannot begin with a digit; a state machine can.
  const stem = /^\d/.test(pascal) ? `Workflow${pascal}` : pascal;
  const identifier = importedStems.has(stem) ? `${stem}Workflow` : stem;
  return {
    kebab,
    pascal: identifier,
    camel: identifier.charAt(0).toLowerCase() + identifier.slice(1),
    constant: words.join('_').toUpperCase(),
  };
}

/**
 * Which deployed machines a workflow of this name answers for: `approval`, `dev-app-approval` and
 * `dev-app-approval-handler`, but neither `approval-2` nor `reapproval`. The children of a Distributed Map are called
 * `dev-app-approval/<label>`.
 */
export const routesTo = (kebab: string): RegExp => new RegExp(`^([^/]*-)?${kebab}(-handler)?(/|$)`);

/** A method's or a type's name for a state's name, whatever characters that has; unique among `taken`. */
export function identifierOf(stateName: string, taken: ReadonlySet<string>): string {
  const words = stateName
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const [first = 'state', ...rest] = words;
  const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(upper).join('');
  const stem = /^\p{N}/u.test(joined) ? `state${joined}` : joined;
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}${n}`;
  return name;
}

function badName(given: string, why: string, words: string[]): FlowError {
  const usable = words
    .join('-')
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9-]/g, '')
    .slice(0, longest - 1);
  const example = /[a-z]/.test(usable) ? usable.replaceAll(/^-+|-+$/g, '') : 'order-approval';
  return new FlowError(exitCodes.usage, 'InvalidName', `the name ${given} ${why}`, {
    hint: `use letters, digits and hyphens, for example ${example}`,
  });
}
