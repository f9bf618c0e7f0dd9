import type { JsonObject } from '../json/json.js';
import { parseJson } from '../json/parse.mjs';
import { appHandler } from './app-handler.js';
import { extendConfig, placeOf } from './merge-config.js';
import type { Plan, Project } from './project.js';

/** What the framework's `.env` of the project sets. */
type Environment = Readonly<Record<string, string>>;

/** One thing that was found, and what it became in the config. */
export interface Finding {
  what: string;
  where: string;
}

/** What a target takes from the app's `.env`. */
const ofTarget = [
  'SFN_ENDPOINT',
  'DYNAMODB_ENDPOINT',
  'SQS_ENDPOINT',
  'SFN_COMMAND_ARN',
  'SFN_TASK_ARN',
  'SFN_IMPORT_CSV_ARN',
  'SFN_CSV_IMPORT_ARN',
  'SFN_IMPORT_ZIP_ORCHESTRATOR_ARN',
  'S3_BUCKET_NAME',
];

const environments = ['dev', 'stg', 'prod'];

/**
 * Plans an mbc-flow.json from what the project shows: its functions, machines, names and environments.
 * @param appTarget where what the `.env` says is to be found: `local` where all of it is on this machine
 */
export async function planConfig(
  project: Project,
  dotenv: Environment,
  appTarget: 'local' | 'env',
): Promise<{ plan: Plan; findings: Finding[] }> {
  const findings: Finding[] = [];
  const found = (what: string, where: string): void => void findings.push({ what, where });
  const packageJson = parse(await project.read('package.json'));
  const dependencies = { ...record(packageJson.dependencies), ...record(packageJson.devDependencies) };
  const isApp = '@mbc-cqrs-serverless/core' in dependencies;
  if (isApp)
    found(
      `framework application (core ${String(dependencies['@mbc-cqrs-serverless/core'])})`,
      'package.json',
    );

  const app =
    dotenv.APP_NAME ??
    (typeof packageJson.name === 'string' ? packageJson.name.replace(/^@.*\//, '') : 'app');
  const region = dotenv.SFN_REGION || 'ap-northeast-1';
  const infra = await project.list('infra', '.ts');
  const deployed = environments.filter((name) =>
    infra.some((path) => path.startsWith(`infra/config/${name}`)),
  );
  const targets: Record<string, JsonObject> = {};
  for (const name of deployed) {
    targets[name] = { region, prefix: `${name}-${app}-`, ...(name === 'prod' && { protected: true }) };
    found(`environment ${name}: target ${name}, names start with ${name}-${app}-`, `infra/config/${name}`);
  }

  const machines: Record<string, string> = {};
  for (const path of await definitions(project)) {
    const name = path.replace(/^.*\//, '').replace(/\.asl\.(json|ya?ml)$/, '');
    machines[name] = `./${path}`;
    found(`state machine ${name}`, path);
  }
  const functions = await appHandler(project);
  if (functions) found('function for all states: dist/main.handler', 'src/main.ts');
  for (const name of ofTarget)
    if (dotenv[name]) found(`${name}=${dotenv[name]}: used by the target ${appTarget}`, '.env');
  const isHere = appTarget === 'local' && ofTarget.some((name) => dotenv[name]);

  const place = placeOf(project);
  const isNew = place.path === 'mbc-flow.json' && (await project.read(place.path)) === undefined;
  const config = {
    // By it an editor completes and checks the file.
    ...(isNew &&
      'mbc-flow' in dependencies && { $schema: './node_modules/mbc-flow/dist/mbc-flow.schema.json' }),
    ...((isHere || deployed.length > 0) && { defaultTarget: 'local' }),
    ...(deployed.length > 0 && { targets }),
    local: { ...(functions && { functions }), ...(Object.keys(machines).length > 0 && { machines }) },
  };
  const plan: Plan = { changes: [], conflicts: [], notices: [], next: ['mbc-flow dev', 'mbc-flow doctor'] };
  if (!(await extendConfig(plan, project, config))) plan.conflicts.push(place.path);
  for (const { path, before } of plan.changes) if (before !== undefined) plan.conflicts.push(path);
  if (deployed.length > 0) plan.notices.push('set "profile" and "account" of each target before you use it');
  return { plan, findings };
}

async function definitions(project: Project): Promise<string[]> {
  const folders = ['infra', 'infra-local', 'src', 'statemachines', 'state-machines'];
  const endings = ['.asl.json', '.asl.yaml', '.asl.yml'];
  const found = await Promise.all(
    folders.flatMap((folder) => endings.map((ending) => project.list(folder, ending))),
  );
  return found.flat();
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    return record(parseJson(text ?? '{}'));
  } catch {
    return {};
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
