import { exitCodes, FlowError } from '../../errors.js';

/** A name, and what stands for it. */
export type Pair = [name: string, value: string];

/** 1 is real time. */
export function timeScale(text: string, flag: string): number {
  const scale = Number(text);
  if (text !== '' && scale >= 0 && scale <= 1000) return scale;
  throw badFlag(flag, `${text} is not a valid time scale`, 'a number from 0 (no waiting) on; 1 is real time');
}

export function days(text: string, flag: string): number {
  const number = Number(text);
  if (text !== '' && number > 0 && number < 36_500) return number;
  throw badFlag(flag, `${text} is not a valid number of days`, 'a number above 0, such as 7 or 0.5');
}

export function url(text: string, flag: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw badFlag(flag, `${text} is not a valid HTTP URL`, `${flag} http://127.0.0.1:3002`);
}

export const functionSpec = (text: string, flag: string): Pair =>
  pair(text, flag, "NAME=SPEC, as in '*=./dist/main.handler'");

export function endpointOf(text: string, flag: string): Pair {
  const [service, endpoint] = pair(text, flag, 'SERVICE=URL, as in dynamodb=http://127.0.0.1:8000');
  return [service, url(endpoint, flag)];
}

function pair(text: string, flag: string, form: string): Pair {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw badFlag(flag, `${text} is not a name=value pair`, form);
}

const badFlag = (where: string, message: string, hint: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
