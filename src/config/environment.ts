import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { badConfig } from './bad-config.js';
import { foldersToProject } from './config.js';
import { circularVariable, expandDotenv } from './expand-dotenv.js';

type Environment = Record<string, string | undefined>;

/** The app's environment: the process's own, and what the project's `.env` adds to it. */
export async function readEnvironment(cwd: string, env: Environment): Promise<Record<string, string>> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...(await readDotenv(cwd, env)), ...Object.fromEntries(set) };
}

/**
 * The variables that the `.env` of the project around `cwd` names, with their values in the app's environment: what
 * the process sets itself, even to nothing, wins. {} without a `.env`.
 * @throws FlowError 2 where it can't be read or a variable stands for itself
 */
export async function readDotenv(cwd: string, env: Environment): Promise<Record<string, string>> {
  const file = foldersToProject(cwd)
    .map((folder) => join(folder, '.env'))
    // A folder of that name is somebody else's (a virtual environment of Python).
    .find((candidate) => existsSync(candidate) && !statSync(candidate).isDirectory());
  if (file === undefined) return {};
  const text = textOf(file);
  try {
    const values = Object.entries(expandDotenv(text, env));
    return Object.fromEntries(values.map(([name, value]) => [name, env[name] ?? value]));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badConfig(file, `the value of ${circularVariable(text)} refers to itself`, error);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw badConfig(file, `the file cannot be read: ${(error as Error).message}`, error);
  }
}
