export { DataDirectoryHeldError, GivenFileError } from './errors.js';
export type * from './options.js';
export { IN_MEMORY } from './options.js';
export type { ObjectStore } from './ports.js';
export { itemSource } from './runtime/items/index.js';
export type { ObjectSource } from './runtime/items/source.js';
export { startLocalServer } from './server.js';
export { lockDataDirectory, readRegistration } from './store/lock.js';
