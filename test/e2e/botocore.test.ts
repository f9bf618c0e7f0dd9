import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { needing } from '../left-out.mjs';
import { isolatedEnvironment, startDev, workDirectory } from './cli.js';

const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;

/** Every answer is parsed by the model that the Python SDK ships. */
const script = `
import json, sys
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

sfn = botocore.session.get_session().create_client(
    "stepfunctions", region_name="ap-northeast-1", endpoint_url=sys.argv[1],
    aws_access_key_id="local", aws_secret_access_key="local",
    config=Config(inject_host_prefix=False, retries={"max_attempts": 0}))
role = "arn:aws:iam::101010101010:role/r"

def machine(name, state, **more):
    definition = json.dumps({"StartAt": "s", "States": {"s": state}})
    return sfn.create_state_machine(name=name, definition=definition, roleArn=role, **more)

found = {}
express = machine("express", {"Type": "Pass", "Result": "値", "End": True}, type="EXPRESS", publish=True)
alias = sfn.create_state_machine_alias(name="live", routingConfiguration=[
    {"stateMachineVersionArn": express["stateMachineVersionArn"], "weight": 100}])
found["sync"] = sfn.start_sync_execution(stateMachineArn=alias["stateMachineAliasArn"])["output"]

activity = sfn.create_activity(name="work")["activityArn"]
works = machine("works", {"Type": "Task", "Resource": activity, "End": True}, tags=[{"key": "k", "value": "v"}])
found["tags"] = sfn.list_tags_for_resource(resourceArn=works["stateMachineArn"])["tags"]
started = sfn.start_execution(stateMachineArn=works["stateMachineArn"], input='{"n":1}')
task = sfn.get_activity_task(activityArn=activity, workerName="py")
sfn.send_task_success(taskToken=task["taskToken"], output=task["input"])
pages = sfn.get_paginator("get_execution_history").paginate(
    executionArn=started["executionArn"], PaginationConfig={"PageSize": 2})
found["events"] = [event["type"] for page in pages for event in page["events"]]

found["tested"] = sfn.test_state(
    definition=json.dumps({"Type": "Task", "Resource": activity, "ResultPath": "$.r", "End": True}),
    input="{}", inspectionLevel="TRACE", mock={"result": "7"})["output"]
found["valid"] = sfn.validate_state_machine_definition(definition='{"StartAt":"s"}')["result"]
try:
    sfn.describe_activity(activityArn=activity + "x")
except ClientError as error:
    found["error"] = error.response["Error"]["Code"]
print(json.dumps(found))
`;

test.skipIf(!hasBotocore)(
  needing('the Python SDK reads what the local server answers', 'botocore'),
  async () => {
    const cwd = workDirectory();
    const { endpoint } = await startDev({ cwd });
    const away = { AWS_CONFIG_FILE: join(cwd, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(cwd, 'none') };
    // HOME stays: tools like pyenv find their interpreter by it.
    const env = isolatedEnvironment(process.env.HOME ?? cwd, away);
    const { stdout } = await promisify(execFile)('python3', ['-c', script, endpoint], { cwd, env });
    expect(JSON.parse(stdout)).toEqual({
      sync: '"値"',
      tags: [{ key: 'k', value: 'v' }],
      events: [
        'ExecutionStarted',
        'TaskStateEntered',
        'ActivityScheduled',
        'ActivityStarted',
        'ActivitySucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
      tested: '{"r":7}',
      valid: 'FAIL',
      error: 'ActivityDoesNotExist',
    });
  },
  60_000,
);
