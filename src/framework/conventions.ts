/**
 * The account and the region of the framework's local environment, and so of the local server: nobody's production.
 * Its machines take a job id that has no record.
 */
export const localAccount = '101010101010';
export const localRegion = 'ap-northeast-1';

/** The queues whose messages the framework's own function handles, as its local environment calls them. */
export const frameworkQueues = [
  'task-action-queue',
  'sub-task-status-queue',
  'notification-queue',
  'import-action-queue',
  'import-status-queue',
];
