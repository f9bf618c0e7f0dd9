import type { JsonObject } from '../../json/json.js';

/** What the optimised integrations add to a result: the SDK's knowledge of the answer. */
export function sdkMetadata(
  headers: Record<string, string>,
  statusCode: number,
  requestId: string,
): JsonObject {
  const all = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [value]]);
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(all),
      HttpHeaders: headers,
      HttpStatusCode: statusCode,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
