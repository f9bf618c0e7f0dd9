import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SKIPPED, workspaceFolders } from './workspace-folders.js';

const FRAMEWORK = '@mbc-cqrs-serverless/core';
const SOURCE = /(?<!\.d|\.spec|\.test)\.ts$/;
/** A right of a function to answer, wherever a stack gives it. */
const ANSWERS = /\bgrantTaskResponse\b|states:SendTask/;

/** The application of the framework that a file belongs to, as far as its files show it. */
export interface FrameworkProject {
  /** The folder whose package.json depends on the framework. */
  folder: string;
  version?: string;
  /** Undefined where no stack is there. */
  answersGranted?: boolean;
  /** Undefined where no application is there. */
  routes?(machine: string): boolean;
}

/** The application of a folder: of the nearest package.json that has the framework, here, above, or in the same workspace. */
export async function frameworkProject(folder: string): Promise<FrameworkProject | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await textOf(join(at, 'package.json'));
    const owner = text?.includes(`"${FRAMEWORK}"`) ? at : text && (await member(at, text));
    if (owner) return await described(owner, at);
    if (dirname(at) === at || (await exists(join(at, '.git')))) return undefined;
  }
}

/** A package of the workspace that depends on the framework. */
async function member(root: string, manifest: string): Promise<string | undefined> {
  for (const folder of await workspaceFolders(root, manifest))
    if ((await textOf(join(folder, 'package.json')))?.includes(`"${FRAMEWORK}"`)) return folder;
  return undefined;
}

/** `root`: where its stack may be besides. */
async function described(folder: string, root: string): Promise<FrameworkProject> {
  const places = [...new Set([folder, root])];
  const sources = (await Promise.all(places.map((place) => sourcesUnder(place)))).flat();
  const texts = await Promise.all([...new Set(sources)].map(async (path) => (await textOf(path)) ?? ''));
  const stacks = texts.filter((text) => text.includes('aws-cdk-lib'));
  const factories = texts.filter(
    (text) => text.includes('EventFactory') && text.includes('transformStepFunction'),
  );
  const isApp = texts.some((text) => text.includes('createHandler'));
  return {
    folder,
    version: await versionIn(folder),
    answersGranted: stacks.length > 0 ? stacks.some((text) => ANSWERS.test(text)) : undefined,
    ...(isApp && { routes: routesOf(factories) }),
  };
}

async function sourcesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesUnder(path);
      return SOURCE.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

/** What the factories test the machine's name for. A name that comes from elsewhere may be any. */
function routesOf(factories: string[]): (machine: string) => boolean {
  const bare = factories.map((text) =>
    text.replaceAll(/^\s*(?:\/\/|\*).*$/gm, '').replaceAll(/^import\b.*$/gm, ''),
  );
  const whole = bare.join('\n');
  const literals = [...whole.matchAll(/(['"`])([\w-]{2,})\1/g)].map(([, , text = '']) => text);
  const patterns = [...whole.matchAll(/\/((?:[^/\\\n[]|\\.|\[[^\]\n]*\])+)\/[a-z]*\s*\.test\(/g)].flatMap(
    ([, source = '']) => asPattern(source),
  );
  const named = [
    ...whole.matchAll(/\.(?:includes|startsWith|endsWith|has|get)\(\s*([A-Za-z_$][\w$]*)\s*\)/g),
  ];
  const elsewhere = named.some(
    ([, name]) => !new RegExp(`\\bconst\\s+${name}\\b\\s*(?::[^=]*)?=\\s*['"\`]`).test(whole),
  );
  return (machine) =>
    elsewhere ||
    literals.some((literal) => machine.includes(literal)) ||
    patterns.some((pattern) => pattern.test(machine));
}

function asPattern(source: string): RegExp[] {
  try {
    return [new RegExp(source)];
  } catch {
    return [];
  }
}

/** As installed, else the least that the package.json takes. */
async function versionIn(folder: string): Promise<string | undefined> {
  const versionOf = (text: string | undefined): string | undefined =>
    /"version"\s*:\s*"(\d[^"]*)"/.exec(text ?? '')?.[1];
  for (let at = folder; ; at = dirname(at)) {
    const installed = versionOf(await textOf(resolve(at, 'node_modules', FRAMEWORK, 'package.json')));
    if (installed !== undefined) return installed;
    if (dirname(at) === at) break;
  }
  const range = new RegExp(`"${FRAMEWORK}"\\s*:\\s*"[\\^~>=v]*(\\d[^"]*)"`).exec(
    (await textOf(join(folder, 'package.json'))) ?? '',
  );
  return range?.[1];
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
