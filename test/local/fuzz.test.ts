import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { randomNumbers, seed } from '../soak/seed.js';
import { startServer } from './harness.js';

const random = randomNumbers(seed);
const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;

const members = [
  ...[
    'stateMachineArn',
    'executionArn',
    'mapRunArn',
    'name',
    'input',
    'definition',
    'roleArn',
    'type',
    'publish',
  ],
  ...['maxResults', 'nextToken', 'statusFilter', 'taskToken', 'output', 'error', 'cause', 'reverseOrder'],
];
const operations = [
  ...[
    'CreateStateMachine',
    'UpdateStateMachine',
    'DeleteStateMachine',
    'DescribeStateMachine',
    'ListExecutions',
  ],
  ...['StartExecution', 'StopExecution', 'DescribeExecution', 'GetExecutionHistory', 'ListMapRuns'],
  ...['DescribeMapRun', 'SendTaskSuccess', 'SendTaskHeartbeat', 'Nope', '__proto__', 'constructor'],
];
const values = [
  ...[
    null,
    0,
    1,
    -1,
    1e308,
    1001,
    true,
    '',
    'x',
    '日本',
    '\u0000',
    [],
    {},
    '{}',
    'W10=',
    'x'.repeat(300),
    'arn:',
  ],
  'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv',
  'arn:aws:states:ap-northeast-1:101010101010:execution:import-csv:x',
  'arn:aws:states:ap-northeast-1:101010101010:mapRun:a/b:c',
  '{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}',
  'AQCEAAAAKgAAAAMAAAAAAAAAAMS4x',
];
const paths = [
  ...['/', '//', '*', '/..%2f..', '/%E0%A4%A', '/_mbc-flow/x', '/local-bucket', '/local-bucket/k', '/none/k'],
  ...['/local-bucket?list-type=2&max-keys=-1', '/local-bucket?list-type=2&continuation-token=zz'],
  ...['/local-bucket/k?uploadId=x&partNumber=1', '/local-bucket?delete', '/local-bucket/k?versionId=1'],
  ...[
    '/2015-03-31/functions/%E0%A4%A/invocations',
    '/2015-03-31/functions/x',
    '/2015-03-31/functions/x/invocations',
  ],
];
const headers = [
  ...['', '', '', 'Range: bytes=9-1', 'x-amz-content-sha256: zz', 'Content-MD5: zz', 'If-Match: *'],
  ...['Origin: http://evil.example', 'x-amz-copy-source: /a/b', 'x-amz-checksum-crc32: AAAA', 'Expect: 1'],
  'content-encoding: aws-chunked\r\nx-amz-decoded-content-length: 5\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER',
];

function randomRequest(port: number): { head: string; body: string } {
  const host = random() < 0.05 ? pick(['evil.example', '', '[::1]:1', 'LOCALHOST']) : `127.0.0.1:${port}`;
  if (random() < 0.6) {
    const input = Object.fromEntries(Array.from({ length: 4 }, () => [pick(members), pick(values)]));
    const body = random() < 0.1 ? pick(['', '{', '[1]', 'null', '"x"', '\xff']) : JSON.stringify(input);
    const target = `${pick(['AWSStepFunctions', 'AWSStepFunctions', 'Logs_20140328', 'X'])}.${pick(operations)}`;
    const type = random() < 0.95 ? 'application/x-amz-json-1.0' : 'text/plain';
    return {
      head: `POST / HTTP/1.1\r\nHost: ${host}\r\nX-Amz-Target: ${target}\r\nContent-Type: ${type}`,
      body,
    };
  }
  const method = pick(['GET', 'PUT', 'HEAD', 'DELETE', 'POST', 'PATCH', 'OPTIONS']);
  const form = random() < 0.2 ? '\r\nContent-Type: application/x-www-form-urlencoded' : '';
  const more = pick(headers);
  const head = `${method} ${pick(paths)} HTTP/1.1\r\nHost: ${host}${form}${more && `\r\n${more}`}`;
  return { head, body: pick(['', '{}', '{', '<a/>', 'Action=GetCallerIdentity', 'Action=%00']) };
}

/** Status line's number; 'none' when the server hung up without one, 'hang' when it says nothing. */
function answerTo(port: number, { head, body }: { head: string; body: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const bytes = Buffer.from(body, 'utf8');
    let answer = '';
    const timer = setTimeout(() => {
      resolve('hang');
      socket.destroy();
    }, 5_000);
    socket.on('error', () => {});
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none');
    });
    socket.write(`${head}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`);
    socket.write(bytes);
  });
}

test('whatever is sent, the answer is never a 500, and never none', async () => {
  const { endpoint } = await startServer();
  const port = Number(new URL(endpoint).port);
  for (let round = 0; round < 1_500; round++) {
    const request = randomRequest(port);
    const status = await answerTo(port, request);
    const bad = status === 'hang' || status === 'none' || (status.startsWith('5') && status !== '501');
    expect(bad, `seed ${seed}, round ${round}: ${status} to\n${request.head}\n\n${request.body}`).toBe(false);
  }
  expect((await fetch(`${endpoint}/_mbc-flow/health`)).status).toBe(200);
});
