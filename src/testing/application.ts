import { readEnvironment } from '../config/environment.js';
import { localAccount, localRegion } from '../framework/conventions.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the framework demands as it starts, where the application's environment (a CI's, without its `.env`) says nothing. */
const demanded = {
  APP_NAME: 'app',
  LOG_LEVEL: 'error',
  ATTRIBUTE_LIMIT_SIZE: '102400',
  S3_BUCKET_NAME: 'local-bucket',
  S3_REGION: localRegion,
  SFN_REGION: localRegion,
  SFN_COMMAND_ARN: `arn:aws:states:${localRegion}:${localAccount}:stateMachine:command`,
  DYNAMODB_REGION: localRegion,
  SNS_REGION: localRegion,
  // Where nobody answers.
  DYNAMODB_ENDPOINT: 'http://127.0.0.1:1',
  SNS_ENDPOINT: 'http://127.0.0.1:1',
  APPSYNC_ENDPOINT: 'http://127.0.0.1:1/graphql',
  SES_FROM_EMAIL: 'nobody@example.com',
};

/** What the framework takes for a function on Lambda: elsewhere it would listen on a port of its own. */
const onLambda = (name: string): Environment => ({
  AWS_LAMBDA_FUNCTION_NAME: name === '*' ? 'main' : name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
});

/**
 * What is to be set of a test's environment (undefined: taken out) so that an application of the framework can be
 * loaded in it, and reaches this server and no account of AWS.
 * @param server the variables that lead to this server
 */
export async function applicationEnvironment(
  folder: string,
  name: string,
  given: Environment,
  server: Environment,
): Promise<Record<string, string | undefined>> {
  // That of the test runner ('test') is none of the framework's; under 'local' it writes its Swagger page as it starts.
  const { NODE_ENV, ...own } = given;
  const app = await readEnvironment(folder, NODE_ENV === 'test' ? own : given);
  const known = ['dev', 'stg', 'prod'].includes(app.NODE_ENV ?? '');
  return {
    ...demanded,
    ...app,
    NODE_ENV: known ? app.NODE_ENV : 'dev',
    EVENT_SOURCE_DISABLED: 'false',
    ...onLambda(name),
    ...server,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
  };
}
