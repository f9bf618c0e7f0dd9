import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run, start } from '../cli/world.js';
import { type DevServer, runCli, startDev, workDirectory } from './cli.js';
import { inputFiles, rows } from './package-rows.js';

const root = join(import.meta.dirname, '../..');

interface Named {
  [key: string]: Named | string;
}

const leavesOf = (named: Named | string | undefined): string[] =>
  typeof named === 'object' ? Object.values(named).flatMap(leavesOf) : named === undefined ? [] : [named];

let contents: string[];
let prefix: string;
let home: string;
let installed: string[];

beforeAll(() => {
  const folder = workDirectory();
  const npm = (args: string[]): string =>
    execFileSync('npm', [...args, '--loglevel=error'], { cwd: folder, encoding: 'utf8' });
  // dist/ is fresh (the suite's global set-up): packing must not build it again under the other tests.
  const [packed] = JSON.parse(npm(['pack', root, '--ignore-scripts', '--json'])) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error('npm pack made nothing');
  contents = packed.files.map(({ path }) => path);
  prefix = join(folder, 'prefix');
  home = join(prefix, 'lib/node_modules/mbc-flow');
  npm([
    'install',
    '--global',
    '--prefix',
    prefix,
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(folder, packed.filename),
  ]);
  installed = [process.execPath, join(prefix, 'bin/mbc-flow')];
});

test('the tarball holds what runs, and licences; no sources, no tests', () => {
  const folders = new Set(contents.map((file) => (file.includes('/') ? file.replace(/\/.*/, '/') : file)));
  expect([...folders].sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.ja.md',
      'README.md',
      'SECURITY.md',
      'bin/',
      'dist/',
      'docs/',
      'examples/',
      'package.json',
      'schemas/',
      'templates/',
    ].sort(),
  );
  expect(contents).toContain('dist/THIRD-PARTY-NOTICES');
  const notices = readFileSync(join(home, 'dist/THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['commander', '@aws-sdk/client-sfn', 'ink', 'react'])
    expect(notices).toContain(`${name} `);
});

const inRepository = /^docs\/(pictures\/|acceptance|performance)|^CONTRIBUTING\.md$/;

test('the links of its pages lead to what is in it, but to pictures and pages for contributors', () => {
  const markdown = contents.filter((path) => path.endsWith('.md'));
  const broken = markdown.flatMap((page) =>
    [...readFileSync(join(home, page), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].flatMap(
      ([, link = '']) => {
        const path = join(dirname(page), link);
        const there = contents.some((one) => one === path || one.startsWith(`${path}/`));
        return /^[a-z]+:/.test(link) || inRepository.test(path) || there ? [] : [`${page}: ${link}`];
      },
    ),
  );
  expect(broken).toEqual([]);
  expect(contents.join('\n')).not.toContain('docs/pictures');
});

test('what package.json exports and runs is in it', () => {
  const { exports, bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Named;
  const paths = [exports, bin].flatMap(leavesOf).map((path) => path.replace(/^\.\/|\*$/g, ''));
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !contents.some((there) => there.startsWith(path)))).toEqual([]);
});

test('a global install brings a handful of packages', () => {
  const modules = join(home, 'node_modules');
  const packages = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)) : name.startsWith('.') ? [] : [name],
  );
  expect(packages.length).toBeLessThanOrEqual(7);
});

test('all that the build and the templates have is in it, and every part of the bundle loads', async () => {
  const { outputs } = JSON.parse(
    readFileSync(join(root, 'node_modules/.cache/mbc-flow/metafile.json'), 'utf8'),
  ) as { outputs: Record<string, { entryPoint?: string }> };
  const templates = readdirSync(join(root, 'templates'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  expect(contents).toEqual(expect.arrayContaining([...Object.keys(outputs), ...templates]));
  const parts = Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
    // Those of the child processes begin to work when they are loaded.
    entryPoint === undefined || !/child/.test(entryPoint) ? [path] : [],
  );
  expect(parts.length).toBeGreaterThan(100);
  await Promise.all(parts.map((path) => import(join(home, path))));
});

describe('every command, with one input of each kind that it takes', () => {
  let cwd: string;
  let server: DevServer;
  let shipped: typeof import('../../src/main.js');

  const wordsOf = (line: string): string[] =>
    [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const world = (within = '.') => ({ cwd: join(cwd, within), main: shipped.main });
  const ran = async (line: string) => await run(wordsOf(line), world());

  beforeAll(async () => {
    cwd = workDirectory();
    for (const [file, contents] of Object.entries(inputFiles(home))) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), contents);
    }
    shipped = await import(join(home, 'dist/main.cjs'));
    const args = ['--template', 'serverless.yml', '--mocks', 'mocks.json', '--functions', 'pay=./pay.mjs'];
    server = await startDev({ command: installed, cwd, args });
    for (const line of [
      'start approval --each requests.ndjson',
      'start approval --name endless',
      'start broken --name broken-1',
    ])
      expect(await ran(line), line).toMatchObject({ code: 0 });
    expect(await ran('watch broken-1')).toMatchObject({ code: 1 });
    writeFileSync(join(cwd, 'history.json'), (await ran('history broken-1 -o json')).stdout);
    const paused = async () => JSON.parse((await ran('pending approval -o json')).stdout).pending;
    await vi.waitFor(async () => expect(await paused()).toHaveLength(12), { timeout: 60_000, interval: 100 });
    return () => server.kill();
  });

  test('none is left out, and no file that one reads or writes', () => {
    const { commands } = shipped;
    expect(Object.keys(rows).sort()).toEqual(commands.map(({ name }) => name).sort());
    const flags = commands.flatMap(({ name, options = [] }) =>
      options
        .filter((option) => /<file>/.test(option.flags) || /@file/.test(option.description))
        .map((option) => ({ name, flag: option.flags.split(' ')[0] ?? '' })),
    );
    const unused = flags.filter(({ name, flag }) => !rows[name]?.some(({ line }) => line.includes(flag)));
    // Both are run by the set-up.
    expect(unused).toEqual([]);
  });

  test.each(Object.values(rows).flat())(
    '$line',
    async ({ line, code = 0, says, within, launched, stays }) => {
      const words = wordsOf(line);
      if (launched) {
        const { exitCode, stdout, stderr } = await runCli(words, { cwd, command: installed });
        expect(stdout + stderr).toMatch(says);
        return expect(exitCode, stderr).toBe(code);
      }
      const running = start(words, world(within));
      if (stays) await running.waitFor(says).then(() => running.signal('SIGTERM'));
      const ended = await running.done;
      expect(ended.stdout + ended.stderr).toMatch(says);
      expect(ended.code, ended.stderr || ended.stdout).toBe(code);
    },
  );
});

test('import works in an empty directory', async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'x.csv'), 'name,price\nりんご,100\npear,200\n');
  const { exitCode, stdout, stderr } = await runCli(['import', 'x.csv', '-o', 'json'], {
    cwd,
    command: installed,
  });
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'SUCCEEDED',
    rows: { total: 2, succeeded: 2, failed: 0 },
  });
});

describe('credentials load from the bundle', () => {
  /** Plays Step Functions, STS and the SSO portal, and keeps whose key signed a request. */
  let server: Server;
  let endpoint: string;
  let signedBy: string[];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const answer = play(request, body);
      response.writeHead(200, {
        'content-type': answer.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.0',
      });
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  function play(request: IncomingMessage, body: string): string {
    const expiration = new Date(Date.now() + 3_600_000);
    if (request.headers['x-amz-target'] === 'AWSStepFunctions.ListStateMachines') {
      signedBy.push(request.headers.authorization?.match(/Credential=([^/]+)/)?.[1] ?? 'nobody');
      return '{"stateMachines":[]}';
    }
    if (request.url?.startsWith('/federation/credentials')) {
      const token = request.headers['x-amz-sso_bearer_token'];
      const accessKeyId = token === 'cached-token' ? 'SSO' : 'WRONGTOKEN';
      const keys = { accessKeyId, secretAccessKey: 's', sessionToken: 't', expiration: expiration.getTime() };
      return JSON.stringify({ roleCredentials: keys });
    }
    const action = new URLSearchParams(body).get('Action') ?? 'GetCallerIdentity';
    const keyId = { AssumeRoleWithWebIdentity: 'WEBIDENTITY', AssumeRole: 'ASSUMED' }[action];
    const credentials = `<Credentials><AccessKeyId>${keyId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>`;
    const identity =
      '<Account>101010101010</Account><Arn>arn:aws:iam::101010101010:user/u</Arn><UserId>u</UserId>';
    return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${keyId ? credentials : identity}</${action}Result></${action}Response>`;
  }

  /** Runs `machines` against the player with a home directory of these files; the key that signed the call. */
  async function signer(
    files: Record<string, string>,
    env: Record<string, string>,
    args: string[],
  ): Promise<string[]> {
    signedBy = [];
    const cwd = workDirectory();
    const home = join(cwd, 'home');
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(home, file, '..'), { recursive: true });
      writeFileSync(join(home, file), text);
    }
    const run = await runCli(['machines', '--endpoint-url', endpoint, '--region', 'eu-west-1', ...args], {
      cwd,
      command: installed,
      env: { HOME: home, AWS_ENDPOINT_URL_STS: endpoint, AWS_ENDPOINT_URL_SSO: endpoint, ...env },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    return [...new Set(signedBy)];
  }

  const keys = '[base]\naws_access_key_id = STATIC\naws_secret_access_key = s\n';

  test('a profile’s static keys', async () => {
    expect(await signer({ '.aws/credentials': keys }, {}, ['--profile', 'base'])).toEqual(['STATIC']);
  });

  test('credential_process', async () => {
    const script = `process.stdout.write(JSON.stringify({Version:1,AccessKeyId:'PROCESS',SecretAccessKey:'s'}))`;
    const config = `[profile p]\ncredential_process = "${process.execPath}" "${join(workDirectory(), 'keys.js')}"\n`;
    const [, file = ''] = config.match(/" "(.*)"/) ?? [];
    writeFileSync(file, script);
    expect(await signer({ '.aws/config': config }, {}, ['--profile', 'p'])).toEqual(['PROCESS']);
  });

  test('a role assumed from another profile', async () => {
    const config =
      '[profile r]\nrole_arn = arn:aws:iam::101010101010:role/r\nsource_profile = base\nregion = eu-west-1\n';
    expect(await signer({ '.aws/credentials': keys, '.aws/config': config }, {}, ['--profile', 'r'])).toEqual(
      ['ASSUMED'],
    );
  });

  test('web identity', async () => {
    const token = join(workDirectory(), 'token');
    writeFileSync(token, 'a.b.c');
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: 'arn:aws:iam::101010101010:role/web' };
    expect(await signer({}, { ...env, AWS_REGION: 'eu-west-1' }, [])).toEqual(['WEBIDENTITY']);
  });

  test('SSO with a cached token', async () => {
    const config =
      '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n' +
      '[profile s]\nsso_session = corp\nsso_account_id = 101010101010\nsso_role_name = dev\nregion = eu-west-1\n';
    const cache = `.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`;
    const token = { accessToken: 'cached-token', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    expect(
      await signer({ '.aws/config': config, [cache]: JSON.stringify(token) }, {}, ['--profile', 's']),
    ).toEqual(['SSO']);
  });
});
