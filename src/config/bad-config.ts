import { exitCodes, FlowError } from '../errors.js';

/** @param where `file:line:column`, or the file and the path in it */
export const badConfig = (where: string, message: string, cause?: unknown): FlowError =>
  new FlowError(exitCodes.usage, 'BadConfig', message, {
    where,
    hint: 'see dist/mbc-flow.schema.json in the package for the supported properties',
    cause,
  });
