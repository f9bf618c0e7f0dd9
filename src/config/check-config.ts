import { badConfig } from './bad-config.js';
import type { FlowConfig, LocalConfig, TargetConfig } from './config.js';

type Check = (value: unknown, path: string) => void;

/**
 * Checks a parsed config against what schema.json says.
 * @throws FlowError 2 with the path of the first member that is wrong
 */
export function checkConfig(value: unknown, file: string, folder: string): FlowConfig {
  const complain = (path: string, message: string): never => {
    throw badConfig(`${file} at ${path}`, message);
  };
  const isObject = (found: unknown): found is Record<string, unknown> =>
    typeof found === 'object' && found !== null && !Array.isArray(found);
  const scalar =
    (type: 'string' | 'boolean' | 'number', name: string): Check =>
    (found, path) => {
      if (typeof found !== type) complain(path, `must be ${name}`);
    };
  const string = scalar('string', 'a string');
  const positive: Check = (found, path) => {
    if (typeof found !== 'number' || !(found > 0)) complain(path, 'must be a number above 0');
  };
  const each =
    (check: Check): Check =>
    (found, path) => {
      if (!isObject(found)) return complain(path, 'must be an object');
      for (const [key, entry] of Object.entries(found)) check(entry, `${path}.${key}`);
    };
  const members =
    (known: Record<string, Check>): Check =>
    (found, path) => {
      if (!isObject(found)) return complain(path, 'must be an object');
      for (const [key, entry] of Object.entries(found)) {
        const check = Object.hasOwn(known, key) ? known[key] : undefined;
        if (!check)
          return complain(`${path}.${key}`, `is not known here; known: ${Object.keys(known).join(', ')}`);
        check(entry, `${path}.${key}`);
      }
    };

  const account: Check = (found, path) => {
    if (typeof found !== 'string' || !/^\d{12}$/.test(found)) complain(path, 'must be a string of 12 digits');
  };
  const url: Check = (found, path) => {
    if (typeof found !== 'string' || !URL.canParse(found)) complain(path, 'must be a URL');
  };
  const encryption: Check = (found, path) => {
    if (found !== 'AES256' && found !== 'aws:kms') complain(path, 'must be AES256 or aws:kms');
  };
  const target = members({
    profile: string,
    region: string,
    account,
    prefix: string,
    tenant: string,
    bucket: string,
    sse: encryption,
    sseKmsKeyId: string,
    endpointUrl: url,
    protected: scalar('boolean', 'true or false'),
    machines: each(string),
    function: string,
  });
  const functionSpec = members({
    module: string,
    timeoutSeconds: positive,
    memoryMB: positive,
    concurrency: positive,
    env: each(string),
  });
  const eventSource = members({
    stream: string,
    queue: string,
    endpoint: url,
    function: string,
    filters: (found, path) => {
      if (!Array.isArray(found)) complain(path, 'must be a list of filter patterns');
    },
    batchSize: positive,
  });
  members({
    $schema: string,
    defaultTarget: string,
    targets: (found, path) => {
      each(target)(found, path);
      for (const name of ['local', 'env'].filter((taken) => Object.hasOwn(found as object, taken)))
        complain(`${path}.${name}`, 'is a name that mbc-flow itself has taken');
    },
    local: members({
      functions: each((found, path) => {
        if (typeof found === 'string') return;
        functionSpec(found, path);
        if (!(found as { module?: string }).module)
          complain(`${path}.module`, 'must name a module and its export');
      }),
      machines: each(string),
      endpoints: each(url),
      mocks: string,
      eventSources: (found, path) => {
        if (!Array.isArray(found)) return complain(path, 'must be a list');
        for (const [index, source] of found.entries()) {
          eventSource(source, `${path}[${index}]`);
          if ('stream' in source === 'queue' in source)
            complain(`${path}[${index}]`, 'must name a stream or a queue');
        }
      },
    }),
  })(value, '$');

  const {
    defaultTarget,
    targets = {},
    local = {},
  } = value as {
    defaultTarget?: string;
    targets?: Record<string, TargetConfig>;
    local?: LocalConfig;
  };
  if (defaultTarget !== undefined && !['local', 'env', ...Object.keys(targets)].includes(defaultTarget)) {
    complain('$.defaultTarget', `there is no target ${defaultTarget}`);
  }
  return { file, folder, defaultTarget, targets, local };
}
