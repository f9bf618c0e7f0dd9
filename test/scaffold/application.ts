import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type typescript from 'typescript';
import { packageTemplates, projectAt, writeChanges } from '../../src/files/project/project-files.js';
import { planScaffold, type Scaffolded, type Scaffolding } from '../../src/operations/project/scaffold.js';
import { afterEachFile } from '../tidying.js';

const framework = join(import.meta.dirname, '../installed-framework');
const modules = join(framework, 'node_modules');
const fromFramework = createRequire(join(framework, 'package.json'));
/** The compiler that the framework's applications have, not ours. */
const ts = fromFramework('typescript') as typeof typescript;

const made: string[] = [];
afterEachFile(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The framework's own template, as far as scaffolding touches it. */
export const templateFiles: Record<string, string> = {
  'package.json': '{ "name": "demo", "private": true }\n',
  '.prettierrc': '{ "semi": false, "singleQuote": true, "trailingComma": "all" }\n',
  '.env':
    'NODE_ENV=local\nAPP_NAME=demo\nSFN_COMMAND_ARN=arn:aws:states:ap-northeast-1:101010101010:stateMachine:command\n',
  'src/main.ts': `import { createHandler } from '@mbc-cqrs-serverless/core'

import { MainModule } from './main.module'

export const handler = createHandler({ rootModule: MainModule })
`,
  'src/main.module.ts': `import { Module } from '@nestjs/common'

import { CustomEventFactory } from './event-factory'

@Module({
  providers: [CustomEventFactory],
})
export class MainModule {}
`,
  'src/event-factory.ts': `import { DefaultEventFactory, EventFactory } from '@mbc-cqrs-serverless/core'
import { Logger } from '@nestjs/common'

@EventFactory()
export class CustomEventFactory extends DefaultEventFactory {
  private readonly logger = new Logger(CustomEventFactory.name)
}
`,
};

const eslint = {
  root: true,
  parser: '@typescript-eslint/parser',
  parserOptions: { sourceType: 'module' },
  plugins: ['@typescript-eslint/eslint-plugin', 'simple-import-sort'],
  extends: ['plugin:@typescript-eslint/recommended', 'plugin:prettier/recommended'],
  rules: {
    '@typescript-eslint/no-explicit-any': 'off',
    'simple-import-sort/imports': 'error',
    'simple-import-sort/exports': 'error',
    'no-console': 'error',
  },
};

export interface Application {
  folder: string;
  read(path: string): string;
  scaffold(scaffolding: Partial<Scaffolding> & { name: string }): Promise<Scaffolded>;
  /** What the framework's compiler says of `src` and `test`: `file: message` lines. */
  compile(options?: { strict?: boolean }): string[];
  /** What ESLint finds, in its words. */
  lint(): Promise<string>;
  /** Writes `dist/`, as the application's own build does. */
  build(): void;
  /** Gives an application that was made without its dependencies what it depends on. */
  install(): void;
  /** Runs a script of the application's own (CommonJS, in its folder) and returns what it printed. */
  script(text: string, env: Record<string, string>): Promise<string>;
}

/** An application of the framework in a folder of its own. */
export function application(
  files: Record<string, string> = templateFiles,
  { installed = true } = {},
): Application {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-app-'));
  made.push(folder);
  const install = (): void => {
    const own = join(folder, 'node_modules');
    mkdirSync(own);
    for (const name of readdirSync(modules)) symlinkSync(join(modules, name), join(own, name));
    // What ships: the global set-up has built it.
    symlinkSync(join(import.meta.dirname, '../..'), join(own, 'mbc-flow'));
  };
  if (installed) install();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    install,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    async scaffold(scaffolding) {
      const scaffolded = await planScaffold(projectAt(folder), packageTemplates(), {
        kind: 'workflow',
        approval: false,
        map: false,
        csvImport: false,
        zipImport: false,
        queryLanguage: 'JSONPath',
        force: false,
        ...scaffolding,
      });
      await writeChanges(folder, scaffolded.plan.changes);
      return scaffolded;
    },
    compile: ({ strict = false } = {}) => compile(folder, strict),
    async lint() {
      if (!existsSync(join(folder, '.eslintrc.js')))
        writeFileSync(join(folder, '.eslintrc.json'), JSON.stringify(eslint));
      const { ESLint } = fromFramework('eslint') as { ESLint: new (options: object) => Linter };
      const linter = new ESLint({ cwd: folder, extensions: ['.ts'] });
      const results = await linter.lintFiles(['src', 'test']);
      return (await linter.loadFormatter('stylish')).format(results);
    },
    build() {
      for (const path of ts.sys.readDirectory(join(folder, 'src'), ['.ts'])) {
        const { options } = ts.convertCompilerOptionsFromJson(compilerOptions(false), folder);
        const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options });
        const file = path.replace(`${folder}/src`, `${folder}/dist`).replace(/\.ts$/, '.js');
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, outputText);
      }
    },
    async script(text, env) {
      const file = join(folder, 'script.cjs');
      writeFileSync(file, text);
      const { stdout } = await promisify(execFile)(process.execPath, [file], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
      });
      return stdout;
    },
  };
}

/** The part of ESLint's class that is used here; its types are not the framework's. */
interface Linter {
  lintFiles(patterns: string[]): Promise<object[]>;
  loadFormatter(name: string): Promise<{ format(results: object[]): string }>;
}

/** Runs the tests that come with applications, all by one jest; throws with its words where one fails. */
export function unitTests(...applications: Application[]): void {
  const [{ folder } = { folder: '' }] = applications;
  const projects = applications.map(({ folder: rootDir }) => ({
    rootDir,
    displayName: rootDir,
    testRegex: '\\.spec\\.ts$',
    // Loading the framework takes seconds each time: one machine of each kind of states is enough.
    testPathIgnorePatterns: ['/(order-approval|closing|config|step-function)\\.flow\\.spec'],
    transform: {
      '^.+\\.ts$': ['ts-jest', { isolatedModules: true, tsconfig: compilerOptions(false) }],
    },
    moduleFileExtensions: ['js', 'ts', 'json'],
    cacheDirectory: join(folder, '.jest'),
  }));
  // Its own five seconds are not enough beside others.
  const limits = ['--runInBand', '--testTimeout', '60000'];
  const args = ['--silent', ...limits, '--config', JSON.stringify({ projects, rootDir: folder })];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(modules, 'jest/bin/jest.js'), ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' },
  );
  const passed = applications.every(({ folder: each }) => stderr.includes(`PASS ${each} `));
  if (status !== 0 || !passed) throw new Error(`jest: ${stdout}${stderr}`);
}

/** The framework's tsconfig.json. */
const compilerOptions = (strict: boolean) => ({
  module: 'commonjs',
  target: 'ES2021',
  declaration: true,
  removeComments: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  allowSyntheticDefaultImports: true,
  esModuleInterop: true,
  skipLibCheck: true,
  strict,
  strictNullChecks: strict,
  noImplicitAny: strict,
  types: ['node', 'jest'],
});

// Parsing the framework's declarations takes longer than all the rest: once is enough.
const parsed = new Map<string, typescript.SourceFile>();

function compile(folder: string, strict: boolean): string[] {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      ...compilerOptions(strict),
      isolatedModules: true,
      noEmit: true,
      declaration: false,
      typeRoots: [join(modules, '@types')],
    },
    folder,
  );
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes('/node_modules/')) return getSourceFile(name, ...rest);
    const known = parsed.get(name) ?? getSourceFile(name, ...rest);
    if (known) parsed.set(name, known);
    return known;
  };
  const roots = ['src', 'test'].flatMap((under) =>
    ts.sys.directoryExists(join(folder, under)) ? ts.sys.readDirectory(join(folder, under), ['.ts']) : [],
  );
  return ts.getPreEmitDiagnostics(ts.createProgram(roots, options, host)).map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${file?.fileName.replace(`${folder}/`, '') ?? ''}: ${text}`;
  });
}
