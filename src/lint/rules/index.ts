import type { Rule } from '../rule.js';
import { data } from './data.js';
import { deployment } from './deployment.js';
import { errors } from './errors.js';
import { flow } from './flow.js';
import { framework } from './framework.js';
import { maps } from './maps.js';
import { waiting } from './waiting.js';

/** Every practice rule, by code. */
export const rules: Rule[] = [
  ...waiting,
  ...errors,
  ...framework,
  ...maps,
  ...flow,
  ...data,
  ...deployment,
].sort((one, other) => (one.code < other.code ? -1 : 1));
