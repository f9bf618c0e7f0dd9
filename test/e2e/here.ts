import { run } from '../cli/world.js';
import { type CliOptions, type CliResult, homeOf, isolatedEnvironment, workDirectory } from './cli.js';

/** What `runCli` does, in this process: for commands of which nothing depends on having one of their own. */
export async function runHere(
  args: string[],
  { cwd = workDirectory(), env, stdin }: Pick<CliOptions, 'cwd' | 'env'> & { stdin?: string } = {},
): Promise<CliResult> {
  const { code, ...written } = await run(args, { cwd, env: isolatedEnvironment(homeOf(cwd), env), stdin });
  return { exitCode: code, ...written };
}
