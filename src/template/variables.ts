import { isObject, type Json, type JsonObject } from '../asl/json.js';
import { parseJsonOrYaml } from './parse.js';

export interface VariableSources {
  env: Record<string, string | undefined>;
  region: string;
  account: string;
  /** The text of a file, by its path from the folder of the serverless.yml. */
  read(path: string): Promise<string>;
}

/** `${source:address, default}` without another variable in it. CloudFormation's own (`${Topic.Arn}`) are left. */
const innermost =
  /\$\{\s*((?:self|opt|sls|env|aws|param|ssm|cf|s3|file\([^()]*\))(?:\([^()]*\))?\s*(?:[:.,][^{}]*)?)\}/;

/** Resolves the variables of a serverless.yml where they are asked for; those that only AWS knows become a `Ref`. */
export function createVariables(file: JsonObject, { env, region, account, read }: VariableSources) {
  const resolve = async (value: Json | undefined, under: string[] = []): Promise<Json | undefined> => {
    if (typeof value === 'string') return await resolveText(value, under);
    if (Array.isArray(value)) return (await all(value, under)).filter((item) => item !== undefined);
    if (!isObject(value)) return value;
    const members = await all(Object.values(value), under);
    return Object.fromEntries(Object.keys(value).map((key, at) => [key, members[at] ?? null]));
  };
  const all = (values: Json[], under: string[]): Promise<(Json | undefined)[]> =>
    Promise.all(values.map((one) => resolve(one, under)));

  async function resolveText(text: string, under: string[]): Promise<Json | undefined> {
    const [whole, expression] = innermost.exec(text) ?? [];
    if (whole === undefined || expression === undefined) return text;
    if (under.includes(whole)) throw new Error(`${whole} refers to itself`);
    const within = [...under, whole];
    const value = await resolve(await chosen(whole, expression, within), within);
    if (whole === text.trim()) return value;
    const inText = isObject(value) && typeof value.Ref === 'string' ? value.Ref : String(value ?? '');
    return await resolveText(
      text.replace(whole, () => inText),
      under,
    );
  }

  async function chosen(whole: string, expression: string, under: string[]): Promise<Json> {
    const choices = (expression.match(/(?:'[^']*'|"[^"]*"|\([^)]*\)|[^,])+/g) ?? []).map((choice) =>
      choice.trim(),
    );
    for (const choice of choices) {
      const value = literal(choice) ?? (await fromSource(choice, under));
      if (value !== undefined) return value;
    }
    const [source = '', address] = (choices[0] ?? '').split(/:(.*)/);
    if (['ssm', 'cf', 's3', 'param'].includes(source.replace(/\(.*/, ''))) return { Ref: choices[0] ?? '' };
    const hint = source === 'env' ? `: set ${address}, or write a default` : '';
    throw new Error(`${whole} has no value${hint}`);
  }

  async function fromSource(choice: string, under: string[]): Promise<Json | undefined> {
    const [, source = '', path, address = ''] = /^(\w+)(?:\(([^)]*)\))?(?::(.*))?$/.exec(choice) ?? [];
    switch (source) {
      case 'self':
        return await member(file, address, under);
      case 'opt':
        return { stage: await stage(), region }[address];
      case 'sls':
        return address === 'stage' ? await stage() : undefined;
      case 'env':
        return env[address];
      case 'aws':
        return { region, accountId: account }[address];
      case 'file':
        return await member(await parseJsonOrYaml(await read(path ?? '')), address, under);
      default:
        return undefined;
    }
  }

  /** A member by its path; one on the way may be a variable itself. */
  async function member(value: Json, address: string, under: string[]): Promise<Json | undefined> {
    let found: Json | undefined = value;
    for (const name of address === '' ? [] : address.split('.')) {
      if (typeof found === 'string') found = await resolve(found, under);
      found = isObject(found) ? found[name] : Array.isArray(found) ? found[Number(name)] : undefined;
    }
    return found;
  }

  const stage = async (): Promise<Json> => {
    const declared = isObject(file.provider) ? file.provider.stage : undefined;
    // `${opt:stage, …}` is what it usually says: without the option, that is its default.
    const own =
      typeof declared === 'string' ? declared.replace(/\$\{\s*opt:stage\s*,?([^{}]*)\}/, '$1') : undefined;
    return literal(own?.trim() ?? '') ?? (own ? await resolve(own) : 'dev') ?? 'dev';
  };
  return { resolve, stage };
}

function literal(text: string): Json | undefined {
  const [, quoted] = /^(?:'([^']*)'|"([^"]*)")$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  if (quoted !== undefined) return quoted;
  return /^(true|false|null|-?\d+(\.\d+)?)$/.test(text) ? (JSON.parse(text) as Json) : undefined;
}
