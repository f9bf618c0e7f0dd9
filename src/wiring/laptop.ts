// One environment on a laptop: the embedded server, and what of the app's own environment stands beside it.

export { connectLocal } from './local-connection.js';
export { findLocalPlace } from './local-place.js';
export { localOptions } from './local-settings.js';
export { carriedSettings, servedSettings } from './served-settings.js';
