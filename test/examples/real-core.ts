import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinMachines, frameworkFunction } from '../../src/framework/machines.js';

const modules = join(import.meta.dirname, '../installed-framework/node_modules');

/** An app of core 0.1.48 alone: it brings the commands of these tables through, as the framework's own code does. */
const application = `const { createHandler, CommandModule } = require('@mbc-cqrs-serverless/core');
const { Module } = require('@nestjs/common');
class MainModule {}
Module({ imports: ['sample', 'product'].map((tableName) => CommandModule.register({ tableName })) })(MainModule);
exports.handler = createHandler({ rootModule: MainModule });
`;

/** The steps of \`command\` go to the real core; the rest to whom the stand-in names. */
export function withRealCore(sns: string) {
  return (cwd: string, env: Record<string, string>, lambda: string): string[] => {
    const definition = builtinMachines().find(({ name }) => name === 'command')?.definition ?? '';
    const own = definition.replaceAll(frameworkFunction, 'core-main');
    writeFileSync(join(cwd, 'command.asl.json'), own);
    writeFileSync(
      join(cwd, 'mbc-flow.json'),
      JSON.stringify({ local: { machines: { command: './command.asl.json' } } }),
    );
    writeFileSync(join(cwd, 'core.js'), application);
    writeFileSync(join(cwd, 'package.json'), '{}');
    symlinkSync(modules, join(cwd, 'node_modules'));
    Object.assign(env, {
      LOG_LEVEL: 'warn',
      ATTRIBUTE_LIMIT_SIZE: '102400',
      EVENT_SOURCE_DISABLED: 'false',
      ...{ SFN_REGION: 'ap-northeast-1', S3_REGION: 'ap-northeast-1', DYNAMODB_REGION: 'ap-northeast-1' },
      ...{ SNS_REGION: 'ap-northeast-1', SNS_ENDPOINT: sns },
      SNS_TOPIC_ARN: 'arn:aws:sns:ap-northeast-1:101010101010:CqrsSnsTopic',
      SNS_ALARM_TOPIC_ARN: 'arn:aws:sns:ap-northeast-1:101010101010:AlarmSnsTopic',
      APPSYNC_ENDPOINT: 'http://127.0.0.1:1/graphql',
      SES_FROM_EMAIL: 'nobody@example.com',
    });
    // By its name: the only function that is configured would get streams and queues too.
    return ['--functions', 'core-main=./core.handler', `${frameworkFunction}=${lambda}`];
  };
}
