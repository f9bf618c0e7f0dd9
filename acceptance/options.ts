import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  endpointUrl?: string;
  profile?: string;
  region: string;
  roleArn?: string;
  functionRoleArn?: string;
  /** All names begin with it, and all tags have it as their value. */
  prefix: string;
  /** Cases and commands whose id fits; undefined: all. */
  only?: RegExp;
  plan: boolean;
  cleanup: boolean;
  yes: boolean;
  json: boolean;
  /** Where it is written down what is about to be made. */
  journal: string;
  help: boolean;
}

/** What is wrong with the command line, or with what it names: exit code 2. */
export class UsageError extends Error {}

export const usage = `Usage: npm run acceptance -- --endpoint-url URL | --profile NAME --region NAME [options]

Runs the commands of mbc-flow and a set of executions against an account or an endpoint, and against the
embedded server, and prints what differs. docs/acceptance.md has more.

  --endpoint-url URL       any endpoint that speaks the protocols of Step Functions, S3, Logs and Lambda
  --profile NAME           AWS profile to use
  --region NAME            AWS region to use (default: AWS_REGION, or us-east-1 with --endpoint-url)
  --role-arn ARN           role of the state machines (needed on AWS)
  --function-role-arn ARN  role of the functions (needed on AWS)
  --prefix TEXT            what the names of everything begin with (default: mbc-flow-acceptance)
  --only PATTERN           only the cases and commands whose id fits
  --plan                   list every resource and what it costs, and do nothing
  --cleanup                remove what earlier runs have left
  --journal DIR            where the journals of runs are (default: in the user's cache directory)
  -o, --output json        one JSON document instead of text
  -y, --yes                do not ask
`;

/** @throws UsageError */
export function optionsOf(args: string[], env: NodeJS.ProcessEnv): Options {
  const values = parsed(args);
  const { 'endpoint-url': endpointUrl, profile, prefix = 'mbc-flow-acceptance', output } = values;
  const { help = false, plan = false, cleanup = false, yes = false } = values;
  const region =
    values.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpointUrl ? 'us-east-1' : '');
  if (!help && !endpointUrl && !profile)
    throw new UsageError('say where: --endpoint-url URL, or --profile NAME --region NAME');
  if (endpointUrl && !URL.canParse(endpointUrl))
    throw new UsageError(`--endpoint-url ${endpointUrl}: not a URL`);
  if (!help && region === '') throw new UsageError('--region is missing');
  // With what follows it, a name has at most the 80 characters of a state machine's, and a bucket's 63.
  if (!/^[a-z][a-z0-9-]{2,29}$/.test(prefix) || /--|-$|^aws|^xn-/.test(prefix))
    throw new UsageError(
      `--prefix ${prefix}: 3 to 30 lower-case letters, digits and single hyphens, as the name of a bucket may begin`,
    );
  if (output !== undefined && output !== 'json' && output !== 'text')
    throw new UsageError(`--output ${output}: text or json`);
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    endpointUrl,
    profile,
    region,
    roleArn: values['role-arn'],
    functionRoleArn: values['function-role-arn'],
    prefix,
    only: values.only === undefined ? undefined : pattern(values.only),
    plan,
    cleanup,
    yes,
    json: output === 'json',
    journal: values.journal ?? join(cache, 'mbc-flow', 'acceptance'),
    help,
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        'endpoint-url': text,
        profile: text,
        region: text,
        'role-arn': text,
        'function-role-arn': text,
        prefix: text,
        only: text,
        plan: flag,
        cleanup: flag,
        journal: text,
        output: { ...text, short: 'o' },
        yes: { ...flag, short: 'y' },
        help: { ...flag, short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`--only: ${(error as Error).message}`);
  }
}

export const isLoopback = (url: string | undefined): boolean =>
  url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
