export function contractOf(schema: object): Record<string, string>;
export function broken(golden: object, now: object): string[];
export function readGolden(root: string, name: string): Record<string, unknown>;
