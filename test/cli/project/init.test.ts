import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { directory, errorOf, run } from '../world.js';

function project(files: Record<string, string>): string {
  const cwd = directory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

const app = {
  'package.json': '{"name":"shop","dependencies":{"@mbc-cqrs-serverless/core":"^1.2.0"}}',
  'src/main.ts': 'export const handler = createHandler({ rootModule: MainModule })',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the framework's own files have it
  '.env': 'APP_NAME=acme\nSFN_COMMAND_ARN=arn:aws:states:${R:-ap-northeast-1}:1:stateMachine:command\n',
  'infra/config/dev/index.ts': '',
  'infra/config/prod/index.ts': '',
  'infra/state-machines/approval.asl.json': '{}',
  'infra/state-machines/closing.asl.yaml': '{}',
};

describe('init', () => {
  test('writes what the project shows, and a second time nothing', async () => {
    const cwd = project(app);
    const { code, stdout, stderr } = await run(['init'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('SFN_COMMAND_ARN=arn:aws:states:ap-northeast-1:1:stateMachine:command');
    expect(stdout).toMatch(/SFN_COMMAND_ARN=.*used by the target env/);
    expect(stderr).toContain('"profile"');
    expect(JSON.parse(readFileSync(join(cwd, 'mbc-flow.json'), 'utf8'))).toEqual({
      defaultTarget: 'local',
      targets: {
        dev: { region: 'ap-northeast-1', prefix: 'dev-acme-' },
        prod: { region: 'ap-northeast-1', prefix: 'prod-acme-', protected: true },
      },
      local: {
        functions: { '*': './dist/main.handler' },
        machines: {
          approval: './infra/state-machines/approval.asl.json',
          closing: './infra/state-machines/closing.asl.yaml',
        },
      },
    });
    expect((await run(['init'], { cwd })).stdout).toContain('already');
  });

  test('names the schema of the package where the project has it, in a file that it makes', async () => {
    const manifest = { ...JSON.parse(app['package.json']), devDependencies: { 'mbc-flow': '0.1.0' } };
    const files = { ...app, 'package.json': JSON.stringify(manifest) };
    const configOf = async (more: Record<string, string>, ...args: string[]) => {
      const cwd = project({ ...files, ...more });
      expect((await run(['init', ...args], { cwd })).code).toBe(0);
      expect((await run(['init'], { cwd })).stdout).toContain('already');
      return JSON.parse(readFileSync(join(cwd, 'mbc-flow.json'), 'utf8'));
    };
    const $schema = './node_modules/mbc-flow/dist/mbc-flow.schema.json';
    expect(Object.entries(await configOf({}))[0]).toEqual(['$schema', $schema]);
    expect(await configOf({ 'mbc-flow.json': '{}' }, '--force')).not.toHaveProperty('$schema');
  });

  test('an app’s environment on this machine is the target local', async () => {
    const cwd = project({ ...app, '.env': 'SFN_ENDPOINT=http://localhost:8083\nSFN_CSV_IMPORT_ARN=arn:x\n' });
    const { stdout } = await run(['init'], { cwd });
    expect(stdout).toMatch(/SFN_ENDPOINT=http.*used by the target local/);
    expect(stdout).toMatch(/SFN_CSV_IMPORT_ARN=arn:x: used by the target local/);
    expect(JSON.parse(readFileSync(join(cwd, 'mbc-flow.json'), 'utf8')).defaultTarget).toBe('local');
  });

  test.each([
    ['without a config', undefined, { '*': './dist/main.handler' }],
    ['with one of machines', '{"local":{"machines":{"a":"./a.asl.json"}}}', { '*': './dist/main.handler' }],
    ['with functions of its own', '{"local":{"functions":{"x":"./x.mjs"}}}', { x: './x.mjs' }],
  ])('the first scaffold names the handler of the application, %s', async (_, config, functions) => {
    const cwd = project({ ...app, ...(config !== undefined && { 'mbc-flow.json': config }) });
    expect((await run(['scaffold', 'workflow', 'foo-bar'], { cwd })).code).toBe(0);
    const { local } = JSON.parse(readFileSync(join(cwd, 'mbc-flow.json'), 'utf8'));
    expect(local.functions).toEqual(functions);
    expect(local.machines['foo-bar']).toMatch(/foo-bar.*\.asl\.json$/);
  });

  test('leaves another config alone', async () => {
    const cwd = project({ ...app, 'mbc-flow.json': '{"defaultTarget":"local"}' });
    const ran = await run(['init', '-o', 'json'], { cwd });
    expect(ran.code).toBe(5);
    expect(errorOf(ran)).toMatchObject({ code: 'FileExists', hint: expect.stringContaining('--force') });
    expect(readFileSync(join(cwd, 'mbc-flow.json'), 'utf8')).toBe('{"defaultTarget":"local"}');
  });
});

describe('a monorepo', () => {
  const core = '{"dependencies":{"@mbc-cqrs-serverless/core":"^1.2.0"}}';
  const shared = {
    'package.json': '{ "workspaces": ["apps/*"] }',
    'apps/api/package.json': core,
    'apps/api/src/main.ts': 'export const handler = createHandler({ rootModule: MainModule })',
    'apps/web/package.json': '{}',
  };
  const config = { defaultTarget: 'dev', targets: { dev: { region: 'us-east-1', prefix: 'dev-acme-' } } };
  const read = (cwd: string, path: string): unknown => JSON.parse(readFileSync(join(cwd, path), 'utf8'));
  const local = (more: object) => ({
    functions: { '*': './apps/api/dist/main.handler' },
    machines: { order: './apps/api/infra/state-machines/order.asl.json', ...more },
  });

  test('the config above is extended by scaffold and init, and hidden by none', async () => {
    const cwd = project({ ...shared, 'mbc-flow.json': JSON.stringify(config) });
    const app = join(cwd, 'apps/api');
    expect((await run(['scaffold', 'workflow', 'order'], { cwd: app })).code).toBe(0);
    expect(existsSync(join(app, 'mbc-flow.json'))).toBe(false);
    expect(read(cwd, 'mbc-flow.json')).toEqual({ ...config, local: local({}) });
    writeFileSync(join(app, 'infra/state-machines/extra.asl.json'), '{}');
    expect((await run(['init'], { cwd: app })).code).toBe(5);
    expect((await run(['init', '--force'], { cwd: app })).code).toBe(0);
    const extra = './apps/api/infra/state-machines/extra.asl.json';
    expect(read(cwd, 'mbc-flow.json')).toEqual({ ...config, local: local({ extra }) });
    expect((await run(['init'], { cwd: app })).stdout).toContain('already');
  });

  const web = {
    ...shared,
    'apps/web/package.json': core,
    'apps/web/src/main.ts': 'createHandler(MainModule)',
  };
  const readAll = (cwd: string) => read(cwd, 'apps/web/mbc-flow.json');

  test('a second application at the place of the first has a config of its own, which extends the one above', async () => {
    const cwd = project({ ...web, 'mbc-flow.json': JSON.stringify(config) });
    expect((await run(['scaffold', 'workflow', 'order'], { cwd: join(cwd, 'apps/api') })).code).toBe(0);
    const before = read(cwd, 'mbc-flow.json');
    mkdirSync(join(cwd, 'apps/web/infra/config/dev'), { recursive: true });
    writeFileSync(join(cwd, 'apps/web/infra/config/dev/index.ts'), '');
    expect((await run(['scaffold', 'workflow', 'order'], { cwd: join(cwd, 'apps/web') })).code).toBe(0);
    const own = {
      extends: '../../mbc-flow.json',
      local: {
        functions: { '*': './dist/main.handler' },
        machines: { order: './infra/state-machines/order.asl.json' },
      },
    };
    expect(readAll(cwd)).toEqual(own);
    expect(read(cwd, 'mbc-flow.json')).toEqual(before);
    // The targets of the one above stay: nothing here hides them.
    expect((await run(['init', '--force'], { cwd: join(cwd, 'apps/web') })).code).toBe(0);
    expect(readAll(cwd)).toEqual(own);
    expect(
      (await run(['list', '--target', 'dev', '-n'], { cwd: join(cwd, 'apps/web') })).stderr,
    ).not.toContain('not defined');
  });

  test('a config outside of the repository is extended, and left as it is', async () => {
    const cwd = project({ ...web, 'mbc-flow.json': JSON.stringify(config), 'apps/web/.git/HEAD': '' });
    expect((await run(['init'], { cwd: join(cwd, 'apps/web') })).code).toBe(0);
    expect(readAll(cwd)).toEqual({
      extends: '../../mbc-flow.json',
      local: { functions: { '*': './dist/main.handler' } },
    });
    expect(read(cwd, 'mbc-flow.json')).toEqual(config);
  });

  test('also where it is a member of a package.json, and for a new application', async () => {
    const manifest = { private: true, 'mbc-flow': config };
    const cwd = project({ 'package.json': JSON.stringify(manifest) });
    expect((await run(['scaffold', 'app', 'shop'], { cwd })).code).toBe(0);
    expect(existsSync(join(cwd, 'shop/mbc-flow.json'))).toBe(false);
    expect(read(cwd, 'package.json')).toMatchObject({
      private: true,
      'mbc-flow': { ...config, local: { functions: { '*': './shop/dist/main.handler' } } },
    });
  });

  test('at its root, the application is asked for', async () => {
    const cwd = project(shared);
    for (const command of [['init'], ['scaffold', 'workflow', 'order']]) {
      const ran = await run([...command, '-o', 'json'], { cwd });
      expect(errorOf(ran)).toMatchObject({
        exitCode: 2,
        code: 'WorkspaceRoot',
        message: expect.stringContaining('apps/api'),
        hint: `cd apps/api && mbc-flow ${command.join(' ')}`,
      });
    }
    expect(existsSync(join(cwd, 'src'))).toBe(false);
  });
});

describe('completion', () => {
  const words = async (line: string[], cwd = directory()): Promise<string[]> =>
    // The shell's patience never ends here.
    (await run(['completion', 'words', '--', ...line], { cwd, sleep: () => new Promise(() => {}) })).stdout
      .trim()
      .split('\n');

  test('offers commands, their flags, the values of flags, and files', async () => {
    expect(await words([''])).toEqual(expect.arrayContaining(['import', 'approve', 'scaffold']));
    expect(await words(['import', '--fi'])).toEqual(expect.arrayContaining(['--fix', '--target']));
    expect(await words(['list', '-o', ''])).toEqual(['text', 'json', 'ndjson']);
    expect(await words(['list', '--status', ''])).toContain('RUNNING');
    expect(await words(['import', ''])).toEqual([':files']);
    expect(await words(['watch', ''])).toEqual(['@last']);
  });

  test('offers targets of the config and machines of the target', async () => {
    const cwd = project({ 'mbc-flow.json': '{"targets":{"dev":{"region":"ap-northeast-1"}}}' });
    expect(await words(['list', '--target', ''], cwd)).toEqual(['local', 'dev']);
    expect(await words(['start', ''], cwd)).toEqual(
      expect.arrayContaining(['command', 'import-csv', 'sfn-task']),
    );
  });

  test('offers executions, request ids and jobs as they were shown last, soon, and never an error', async () => {
    const cwd = project({
      'mbc-flow.json':
        '{"targets":{"far":{"region":"ap-northeast-1"}},"local":{"machines":{"a":"./a.json"}}}',
      'a.json': '{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}',
    });
    await run(['start', 'a', '--name', 'first-one', '--follow'], { cwd });
    await run(['list'], { cwd });
    for (const line of [
      ['show', ''],
      ['redrive', '--local', ''],
      ['rerun', '--target', 'local', ''],
    ])
      expect(await words(line, cwd), line.join(' ')).toEqual(['@last', 'first-one']);
    expect(await words(['logs', ''], cwd)).toEqual(expect.arrayContaining(['a', 'first-one', '@last']));
    expect(await words(['approve', ''], cwd)).toEqual(['']);
    expect(await words(['task', 'show', ''], cwd)).toEqual(['']);
    const far = { AWS_ENDPOINT_URL: 'http://192.0.2.1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const late = await run(['completion', 'words', '--', 'show', '--target', 'far', ''], {
      cwd,
      env: far,
      speed: 100,
    });
    expect(late).toEqual({ code: 0, stdout: '@last\n', stderr: '' });
  });

  test('nothing of a word is run by bash', async () => {
    const { stdout: script } = await run(['completion', 'bash']);
    const cwd = directory();
    const names = 'r-1\n$(touch hacked)\n`touch hacked`\nr-2;touch hacked\n';
    const typed = `${script}
      mbc-flow() { printf '%s' "$NAMES"; }
      COMP_WORDS=(mbc-flow approve r); COMP_CWORD=2; _mbc_flow; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', typed], {
      cwd,
      env: { ...process.env, NAMES: names },
    });
    expect(stdout).toBe('r-1\nr-2\\;touch\\ hacked\n');
    expect(existsSync(join(cwd, 'hacked'))).toBe(false);
  });

  test('where nothing completes a word, bash is given nothing, no empty word', async () => {
    const { stdout: script } = await run(['completion', 'bash']);
    const typed = `${script}
      mbc-flow() { :; }
      COMP_LINE='mbc-flow approve '; COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=(mbc-flow approve ''); COMP_CWORD=2; _mbc_flow; printf '%s' "\${#COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', typed]);
    expect(stdout).toBe('0');
  });

  test.each([
    ['slow:夜', 'slow : 夜', '夜間-1'],
    ['slow:', 'slow :', '夜間-1'],
    ['@l', '@ l', 'last'],
    ['sl', 'sl', 'slow:夜間-1'],
  ])('bash completes %s, which it takes for several words', async (word, parts, completed) => {
    const { stdout: script } = await run(['completion', 'bash']);
    const count = parts.split(' ').length;
    const typed = `${script}
      mbc-flow() { printf '%s\\n' "$*" >&2; printf '%s\\n' @last slow:夜間-1 other; }
      COMP_LINE='mbc-flow show ${word}'; COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=(mbc-flow show ${parts}); COMP_CWORD=${1 + count}; _mbc_flow 2>&1
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', typed]);
    expect(stdout).toBe(`${completed}\n`);
  });

  test('prints the script of a shell, and knows no other', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await run(['completion', shell])).stdout).toContain('mbc-flow completion words');
    expect((await run(['completion', 'csh'])).code).toBe(2);
  });
});
