import { connect } from 'node:net';
import { model } from '../../src/local/states/requests/model.js';
import type { Shape } from '../../src/local/states/requests/shapes.js';

/** Requests that nobody should send: every operation with mutated members, and all that HTTP lets through. */

interface Request {
  head: string;
  body: string;
}

const arn = (resource: string): string => `arn:aws:states:ap-northeast-1:101010101010:${resource}`;

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
  arn('stateMachine:import-csv'),
  arn('stateMachine:x'),
  arn('stateMachine:x:1'),
  arn('stateMachine:x/y'),
  arn('execution:import-csv:x'),
  arn('express:x:y:z'),
  arn('activity:none'),
  arn('mapRun:a/b:c'),
  '{"Type":"Map","ItemProcessor":{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}},"End":true}',
  '{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","End":true}',
  '{"QueryLanguage":"JSONata","StartAt":"a","States":{"a":{"Type":"Pass","Output":"{% $f(","End":true}}}',
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

/** A value of the shape, or (now and then) anything else. */
function mutated(shape: Shape, random: () => number): unknown {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  if (random() < 0.15) return pick(values);
  switch (shape.kind) {
    case 'string':
      return shape.values && random() < 0.9
        ? pick(shape.values)
        : pick(values.filter((value) => typeof value === 'string'));
    case 'integer':
    case 'float':
      return Math.floor(random() * 1500) - 100;
    case 'boolean':
      return random() < 0.5;
    case 'list':
      return Array.from({ length: Math.floor(random() * 4) }, () => mutated(shape.member, random));
    case 'structure': {
      const members = Object.entries(shape.members as Record<string, Shape>);
      const kept = members.filter(([name]) => random() < (shape.required.includes(name) ? 0.95 : 0.4));
      return Object.fromEntries(kept.map(([name, member]) => [name, mutated(member, random)]));
    }
  }
}

export function randomRequest(port: number, random: () => number): Request {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const foreign = ['evil.example', '', '[::1]:1', 'LOCALHOST', 'sync-127.0.0.1', 'sync-evil.example'];
  const host = random() < 0.05 ? pick(foreign) : `127.0.0.1:${port}`;
  if (random() < 0.6) {
    const [operation, shape] = pick(Object.entries(model));
    const name = random() < 0.95 ? operation : pick(['Nope', '__proto__', 'constructor', '']);
    const body =
      random() < 0.05
        ? pick(['', '{', '[1]', 'null', '"x"', '\xff'])
        : JSON.stringify(mutated(shape as Shape, random));
    const target = `${random() < 0.95 ? 'AWSStepFunctions' : pick(['Logs_20140328', 'X'])}.${name}`;
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

/** Longer than a machine under load takes for any answer. */
const PATIENCE = 30_000;

/** Status line's number; 'none' when the server hung up without one, 'hang' when it says nothing. */
export function answerTo(port: number, { head, body }: Request): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const bytes = Buffer.from(body, 'utf8');
    let answer = '';
    const timer = setTimeout(() => {
      resolve('hang');
      socket.destroy();
    }, PATIENCE);
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

/** Sends so many of them; the first answer that is none, or a fault of the server, is an error that replays. */
export async function bombard(
  endpoint: string,
  rounds: number,
  seed: number,
  random: () => number,
): Promise<void> {
  const port = Number(new URL(endpoint).port);
  for (let round = 0; round < rounds; round++) {
    const request = randomRequest(port, random);
    const status = await answerTo(port, request);
    const bad = status === 'hang' || status === 'none' || (status.startsWith('5') && status !== '501');
    if (bad)
      throw new Error(`seed ${seed}, round ${round}: ${status} to\n${request.head}\n\n${request.body}`);
  }
}
