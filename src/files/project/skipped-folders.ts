/** Folders that hold nothing that people wrote. */
export const skippedFolders = new Set([
  'node_modules',
  '.git',
  'dist',
  '.mbc-flow',
  '.serverless',
  '.aws-sam',
  'coverage',
]);
