import type { ArnPlace } from '../../config/resolve-target.js';

/** Region and account of the first Step Functions ARN (or console URL) among the arguments. */
export function arnAmong(args: (string | undefined)[]): ArnPlace | undefined {
  for (const arg of args) {
    const match = /^(?:https?:.*)?arn:[\w-]+:states:([\w-]+):(\d+):/.exec(decodedUrl(arg ?? ''));
    if (match?.[1] && match[2]) return { region: match[1], account: match[2] };
  }
  return undefined;
}

const decodedUrl = (text: string): string => {
  try {
    return /^https?:/.test(text) ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
};
