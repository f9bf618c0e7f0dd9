// One environment on a laptop: the embedded server, and what of the app's own environment stands beside it.

export { connectLocal } from './connection.js';
export { findLocalPlace } from './find-local.js';
export { carriedSettings, servedSettings } from './served-settings.js';
export { localOptions } from './settings.js';
