export function errorCodes(
  root: string,
): Map<string, { exits: number[]; messages: string[]; hints: string[] }>;
export function exitCodesOfErrors(codes: ReturnType<typeof errorCodes>): Record<string, number[]>;
