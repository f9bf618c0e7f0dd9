type ErrorCodes = Map<string, { exits: number[]; messages: string[]; hints: string[] }>;

export function errorCodes(root: string): ErrorCodes;
export function exitCodesOfErrors(codes: ErrorCodes): Record<string, number[]>;
export function errorRows(
  codes: ErrorCodes,
): [code: string, exits: string, meaning: string, remedy: string][];
