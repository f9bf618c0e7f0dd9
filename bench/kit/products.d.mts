export function writeProducts(file: string, rows: number): Promise<void>;
