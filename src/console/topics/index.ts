import type { Console } from '../console.js';
import type { FillTopic } from '../streams/hub.js';
import { deskTopics } from './desk.js';
import { executionTopics } from './execution.js';
import { importTopics } from './imports.js';
import { mapRunTopics } from './map-runs.js';

/** Every kind of topic: a line for each file beside this one. */
export const topicsOf = (console: Console): Record<string, FillTopic> => ({
  ...deskTopics(console),
  ...importTopics(console),
  ...executionTopics(console),
  ...mapRunTopics(console),
});
