/**
 * The account and the region of the framework's local environment, and so of the local server: nobody's production.
 * Its machines take a job id that has no record.
 */
export const localAccount = '101010101010';
export const localRegion = 'ap-northeast-1';
