import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { account } from '../arns.js';
import { readBody } from './json-service.js';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS's Query protocol: form in, XML out. Whoever asks is the one user of the local account. */
export async function answerSts(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams((await readBody(request, 1 << 20)).toString('utf8'));
  const action = form.get('Action') ?? '';
  const requestId = randomUUID();
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const known = action === 'GetCallerIdentity';
  const body = known
    ? `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/local</Arn><UserId>AIDALOCAL</UserId><Account>${account}</Account></GetCallerIdentityResult>${metadata}</GetCallerIdentityResponse>`
    : `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The action ${escapeXml(action)} is not there in mbc-flow's local server</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  response.writeHead(known ? 200 : 400, {
    'Content-Type': 'text/xml',
    'Content-Length': Buffer.byteLength(body),
    'x-amzn-RequestId': requestId,
  });
  response.end(body);
}

const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
