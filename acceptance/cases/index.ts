import { calls } from './calls.js';
import type { CallCase, Case, ExecutionCase } from './case.js';
import { expressions } from './expressions.js';
import { flow } from './flow.js';
import { tasks } from './tasks.js';

export const cases: Case[] = [...flow, ...expressions, ...tasks, ...calls];

export const isExecution = (one: Case): one is ExecutionCase => 'definition' in one;
export type { CallCase, ExecutionCase };
