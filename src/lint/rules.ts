import type { Rule } from './rule.js';
import { data } from './rules/data.js';
import { deployment } from './rules/deployment.js';
import { errors } from './rules/errors.js';
import { flow } from './rules/flow.js';
import { framework } from './rules/framework.js';
import { maps } from './rules/maps.js';
import { waiting } from './rules/waiting.js';

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
