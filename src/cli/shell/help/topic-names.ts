/** The pages of help that belong to no single command; `topics.ts` has their texts. */
export const helpTopics = ['targets', 'references', 'exit-codes', 'json', 'environment', 'time'] as const;
