import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Env } from '../../asl/engine/protocol.js';
import { mapRunArn } from '../arns.js';

/** Real tokens start with this, so they can be recognized in plain text. */
const tokenPrefix = 'AQCEAAAAKgAAAAMAAAAAAAAAA';

export interface TaskReference {
  executionId: number;
  taskId: number;
}

/** Task tokens that name their task and cannot be made up: nothing has to be stored to know them again. */
export function createTokens(secret: string) {
  const issue = ({ executionId, taskId }: TaskReference): string => {
    const reference = `${executionId}.${taskId}.`;
    const proof = Buffer.from(hkdfSync('sha256', secret, '', reference, 330));
    return tokenPrefix + Buffer.concat([Buffer.from(reference), proof]).toString('base64');
  };
  return {
    issue,
    /** The task that `token` belongs to; undefined when it is not ours. */
    resolve(token: string): TaskReference | undefined {
      if (!token.startsWith(tokenPrefix)) return undefined;
      const text = Buffer.from(token.slice(tokenPrefix.length), 'base64').toString('latin1');
      const match = /^(\d{1,15})\.(\d{1,9})\./.exec(text);
      if (!match) return undefined;
      const reference = { executionId: Number(match[1]), taskId: Number(match[2]) };
      return issue(reference) === token ? reference : undefined;
    },
  };
}
export type Tokens = ReturnType<typeof createTokens>;

/** A UUID that is the same for the same text (version 3, as AWS names the children of a map run). */
export function nameUuid(text: string): string {
  const hash = createHash('md5').update(text).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x30;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The interpreter's environment for one execution: everything follows from the execution and the secret. */
export function environment(
  execution: { id: number; arn: string; machine_name: string },
  secret: string,
  tokens: Tokens,
): Env {
  return {
    taskToken: (taskId) => tokens.issue({ executionId: execution.id, taskId }),
    mapRunArn(taskId, label) {
      const uuid = nameUuid(`${execution.arn}#${taskId}`);
      return mapRunArn(
        execution.machine_name,
        label ?? nameUuid(`${execution.machine_name}#${taskId}`),
        uuid,
      );
    },
    random(n) {
      const bits = createHmac('sha256', secret).update(`${execution.arn}#${n}`).digest();
      return bits.readUIntBE(0, 6) / 2 ** 48;
    },
  };
}
