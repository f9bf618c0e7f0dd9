export { DataDirectoryHeldError, GivenFileError } from './errors.js';
export type * from './options.js';
export { IN_MEMORY } from './options.js';
export { startLocalServer } from './server.js';
export { lockDataDirectory } from './store/lock.js';
