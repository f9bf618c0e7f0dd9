import { exitCodes, FlowError } from '../../errors.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseWritten } from '../../json/lossless.js';
import type { FunctionGateway } from '../../ports/aws.js';
import { type DecodedFailure, decodeFailure } from '../../workflow/failure/cause.js';

/** What became of an event that was given to a function. */
export interface Delivery {
  statusCode: number;
  response: Json;
  functionError?: string;
  /** Of a failed function. */
  failure?: DecodedFailure;
  /** Records that the function gave back: AWS would deliver them again. */
  returned: string[];
}

/** @throws FlowError 3 when there is no such function */
export async function deliverEvent(
  functions: Pick<FunctionGateway, 'invoke'>,
  functionName: string,
  event: JsonObject,
): Promise<Delivery> {
  const { statusCode, functionError, payload } = await invoke(functions, functionName, jsonText(event));
  const response = responseOf(payload);
  return {
    statusCode,
    response,
    ...(functionError !== undefined && { functionError, failure: decodeFailure(functionError, payload) }),
    returned: functionError === undefined ? returnedRecords(response) : [],
  };
}

async function invoke(functions: Pick<FunctionGateway, 'invoke'>, name: string, payload: string) {
  try {
    return await functions.invoke(name, payload);
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.notFound) throw error;
    const { exitCode, code, message, where } = error;
    throw new FlowError(exitCode, code, message, {
      where,
      hint: 'name the function: --function NAME',
      cause: error,
    });
  }
}

function responseOf(payload: string): Json {
  try {
    return payload === '' ? null : parseWritten(payload);
  } catch {
    return payload;
  }
}

/** `{"batchItemFailures": [{"itemIdentifier": …}]}` */
function returnedRecords(response: Json): string[] {
  const failures = isObject(response) ? response.batchItemFailures : undefined;
  if (!Array.isArray(failures)) return [];
  return failures.map((failure) => String(isObject(failure) ? failure.itemIdentifier : failure));
}
