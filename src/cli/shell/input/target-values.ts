import { exitCodes, FlowError } from '../../../errors.js';

/** For `parse` of a flag: text that says something. */
export function notEmpty(text: string, flag: string): string {
  if (text.trim() === '') throw refused(flag, 'the value is empty');
  return text;
}

/** For `parse` of a flag: a region, which becomes part of host names. */
export function region(text: string, flag: string): string {
  if (/^[a-z0-9-]+$/.test(text)) return text;
  throw refused(
    flag,
    text === '' ? 'the value is empty' : `'${text}' is not a valid region`,
    `${flag} us-east-1`,
  );
}

/** For `parse` of a flag: a service's URL. What is given is not repeated where a password may be in it. */
export function endpointUrl(text: string, flag: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password || /^\w+:\/\/[^/]*@/.test(text))
    throw refused(
      flag,
      `${flag} must not contain a user name or password; credentials come from the AWS SDK`,
    );
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '') return text;
  throw refused(flag, `${flag} ${text} is not a valid http or https URL`);
}

const refused = (where: string, message: string, hint?: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
