export const errorMeanings: Record<string, [meaning: string, remedy: string]>;
