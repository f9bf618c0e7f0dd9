import { describe, expect, test } from 'vitest';
import type { FlowConfig } from '../../src/config/config.js';
import { resolveTarget } from '../../src/config/resolve-target.js';
import type { TargetFlags } from '../../src/config/target-flags.js';

const none: FlowConfig = { folder: '/', files: [], targets: {}, local: {} };
const config: FlowConfig = {
  folder: '/',
  files: ['/mbc-flow.json'],
  file: '/mbc-flow.json',
  targets: {
    dev: { profile: 'acme-dev', region: 'ap-northeast-1', prefix: 'dev-acme-', tenant: 't1' },
    prod: { profile: 'acme-prod', region: 'us-east-1', account: '123456789012', protected: true },
    bare: {},
  },
  local: {},
};
const localEnv = { SFN_ENDPOINT: 'http://localhost:8083', S3_ENDPOINT: 'http://127.0.0.1:4566' };
const prodArn = { region: 'us-east-1', account: '123456789012' };

const resolve = (
  flags: TargetFlags = {},
  given: {
    config?: FlowConfig;
    env?: Record<string, string>;
    dotenv?: Record<string, string>;
    arn?: { region: string; account: string };
  } = {},
) => resolveTarget(flags, given.config ?? config, given.env ?? {}, given.dotenv ?? {}, given.arn);

describe('which target', () => {
  test('local until something says otherwise, whatever the environment', () => {
    expect(
      resolve({}, { config: none, env: { AWS_PROFILE: 'prod', AWS_REGION: 'us-east-1' } }),
    ).toMatchObject({
      name: 'local',
      region: 'ap-northeast-1',
      account: '101010101010',
      protected: false,
      flagsForHints: '',
    });
  });
  test('flag, then MBC_FLOW_TARGET, then defaultTarget', () => {
    const withDefault = { ...config, defaultTarget: 'dev' };
    expect(resolve({}, { config: withDefault }).name).toBe('dev');
    expect(resolve({}, { config: withDefault, env: { MBC_FLOW_TARGET: 'prod' } }).name).toBe('prod');
    expect(resolve({ target: 'bare' }, { env: { MBC_FLOW_TARGET: 'prod' } }).name).toBe('bare');
    expect(resolve({ local: true }, { config: withDefault })).toMatchObject({
      name: 'local',
      flagsForHints: ' --local',
    });
    expect(resolve({}, { env: { MBC_FLOW_TARGET: '' } }).name).toBe('local');
  });
  test('an app’s environment on this machine is local, and env is another word for it', () => {
    const dotenv = {
      ...localEnv,
      NODE_ENV: 'local',
      APP_NAME: 'demo',
      DYNAMODB_ENDPOINT: 'http://localhost:8000',
    };
    const found = resolve({}, { config: none, dotenv });
    expect(found).toMatchObject({
      name: 'local',
      kind: 'local',
      tablePrefix: 'local-demo-',
      flagsForHints: '',
    });
    expect(resolve({ target: 'env' }, { config: none, dotenv })).toEqual(found);
    expect(resolve({ local: true }, { config: { ...none, defaultTarget: 'env' }, dotenv })).toEqual(found);
    expect(resolve({}, { config: { ...none, defaultTarget: 'env' }, dotenv })).toEqual(found);
  });
  test.each([
    { ...localEnv, S3_ENDPOINT: 'https://s3.example.com' },
    { ...localEnv, SQS_ENDPOINT: 'https://sqs.ap-northeast-1.amazonaws.com' },
    { SFN_ENDPOINT: 'http://localhost.example.com:8083', S3_ENDPOINT: localEnv.S3_ENDPOINT },
    {
      S3_ENDPOINT: localEnv.S3_ENDPOINT,
      SFN_TASK_ARN: 'arn:aws:states:us-east-1:210987654321:stateMachine:t',
    },
  ] as Record<string, string>[])(
    'with anything elsewhere it is env: protected, never the default: %j',
    (given) => {
      const dotenv = { ...given, NODE_ENV: 'dev', APP_NAME: 'demo' };
      const { name, endpoints, tablePrefix, machines } = resolve({}, { config: none, dotenv });
      expect({ name, endpoints, tablePrefix, machines }).toEqual({
        name: 'local',
        endpoints: {},
        machines: {},
      });
      expect(resolve({ target: 'env' }, { config: none, dotenv })).toMatchObject({
        name: 'env',
        protected: true,
        tablePrefix: 'dev-demo-',
      });
      expect(() => resolve({}, { config: { ...none, defaultTarget: 'env' }, dotenv })).toThrow('no default');
      expect(resolve({}, { config: none, dotenv, env: { MBC_FLOW_TARGET: 'env' } }).name).toBe('env');
    },
  );
  test('without endpoints or ARNs there is no env', () => {
    expect(() => resolve({ target: 'env' })).toThrow('nor a .env');
  });
  test('a server named in the environment of the command itself is meant', () => {
    const env = { SFN_ENDPOINT: 'http://127.0.0.1:9999' };
    const given = { config: none, env, dotenv: { ...localEnv, ...env } };
    expect(resolve({}, given)).toMatchObject({ name: 'local', endpoints: { states: env.SFN_ENDPOINT } });
    expect(resolve({}, { ...given, config: { ...config, defaultTarget: 'dev' } }).name).toBe('dev');
    const away = { SFN_ENDPOINT: 'https://states.us-east-1.amazonaws.com' };
    expect(resolve({}, { config: none, env: away, dotenv: { ...localEnv, ...away } })).toMatchObject({
      name: 'local',
      endpoints: {},
    });
  });
  test('names of objects’ own members are no targets', () => {
    expect(() => resolve({ target: 'constructor' })).toThrow('target constructor is not defined');
  });
});

describe('a named target’s own settings are overridden by flags alone', () => {
  const env = { AWS_PROFILE: 'acme-prod', AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x' };
  test('a stray environment changes nothing', () => {
    expect(resolve({ target: 'dev' }, { env })).toEqual(resolve({ target: 'dev' }));
    expect(resolve({ target: 'dev' }, { env })).toMatchObject({ profile: 'acme-dev', anonymous: false });
  });
  test('it fills gaps', () => {
    expect(resolve({ target: 'bare' }, { env })).toMatchObject({ profile: 'acme-prod', region: undefined });
  });
  test('flags win, and protection stays', () => {
    expect(resolve({ target: 'prod', profile: 'p', region: 'eu-west-1' })).toMatchObject({
      profile: 'p',
      region: 'eu-west-1',
      account: '123456789012',
      checkAccount: true,
      protected: true,
    });
  });
});

describe('ad-hoc targets', () => {
  test('--profile: protected, even beside MBC_FLOW_TARGET', () => {
    expect(resolve({ profile: 'p' }, { env: { MBC_FLOW_TARGET: 'dev' } })).toMatchObject({
      name: 'p',
      protected: true,
      flagsForHints: ' --profile p',
    });
  });
  test('--endpoint-url: loopback is unprotected, anything else protected; credentials stay at home', () => {
    for (const endpointUrl of ['http://127.0.0.1:8083', 'http://localhost:1', 'http://[::1]:1'])
      expect(resolve({ endpointUrl }, { env: { AWS_PROFILE: 'prod' } })).toMatchObject({
        protected: false,
        anonymous: true,
        profile: undefined,
        endpoints: { states: endpointUrl, s3: endpointUrl, dynamodb: endpointUrl, other: endpointUrl },
      });
    expect(resolve({ endpointUrl: 'http://10.0.0.1:8083' })).toMatchObject({
      protected: true,
      anonymous: false,
    });
    expect(resolve({ target: 'prod', endpointUrl: 'http://10.0.0.1' })).toMatchObject({ protected: true });
  });
  test('an ARN of another account or region', () => {
    expect(resolve({}, { arn: prodArn })).toMatchObject({
      name: '123456789012',
      region: 'us-east-1',
      account: '123456789012',
      checkAccount: true,
      protected: true,
    });
    expect(resolve({ target: 'prod' }, { arn: prodArn }).name).toBe('prod');
    expect(() => resolve({ target: 'dev' }, { arn: prodArn })).toThrow('us-east-1');
    expect(() => resolve({ local: true }, { arn: prodArn })).toThrow('account 123456789012');
    expect(() => resolve({}, { arn: prodArn, env: { MBC_FLOW_TARGET: 'dev' } })).toThrow('us-east-1');
    expect(resolve({}, { arn: { region: 'ap-northeast-1', account: '101010101010' } }).name).toBe('local');
  });
});

describe('the target env', () => {
  const roles = {
    SFN_IMPORT_CSV_ARN: 'arn:aws:states:us-east-1:210987654321:stateMachine:dev-import-csv-handler',
  };
  test('on loopback: its endpoints, roles and bucket; any credentials; not protected', () => {
    const dotenv = { ...localEnv, SFN_REGION: 'ap-northeast-1', S3_BUCKET_NAME: 'local-bucket', ...roles };
    expect(resolve({}, { config: none, dotenv })).toMatchObject({
      region: 'ap-northeast-1',
      protected: false,
      anonymous: true,
      checkAccount: false,
      bucket: 'local-bucket',
      endpoints: { states: 'http://localhost:8083', s3: 'http://127.0.0.1:4566' },
      machines: { 'import-csv': roles.SFN_IMPORT_CSV_ARN },
    });
  });
  test('its tables: where and under which names the app has them', () => {
    const app = { ...localEnv, NODE_ENV: 'local', APP_NAME: 'demo' };
    const tables = (more: Record<string, string>) => {
      const { tablePrefix, endpoints } = resolve({}, { config: none, dotenv: { ...app, ...more } });
      return [tablePrefix, endpoints.dynamodb];
    };
    expect(tables({ DYNAMODB_ENDPOINT: 'http://localhost:8000' })).toEqual([
      'local-demo-',
      'http://localhost:8000',
    ]);
    expect(tables({ LOCAL_DYNAMODB_PORT: '8001' })).toEqual(['local-demo-', 'http://127.0.0.1:8001']);
    expect(tables({})).toEqual([undefined, undefined]);
  });
  test('the names of roles that the documentation has, too', () => {
    const csv = 'arn:aws:states:us-east-1:210987654321:stateMachine:csv';
    const zip = 'arn:aws:states:us-east-1:210987654321:stateMachine:zip';
    const dotenv = { SFN_CSV_IMPORT_ARN: csv, SFN_IMPORT_ZIP_ORCHESTRATOR_ARN: zip };
    expect(resolve({ target: 'env' }, { dotenv }).machines).toEqual({ 'import-csv': csv, 'import-zip': zip });
    expect(resolve({ target: 'env' }, { dotenv: { ...dotenv, ...roles } }).machines['import-csv']).toBe(
      roles.SFN_IMPORT_CSV_ARN,
    );
  });
  test('without endpoints it is AWS: protected, with the ARNs’ region and account', () => {
    expect(resolve({ target: 'env' }, { dotenv: roles })).toMatchObject({
      region: 'us-east-1',
      account: '210987654321',
      checkAccount: true,
      protected: true,
      anonymous: false,
    });
  });
});
