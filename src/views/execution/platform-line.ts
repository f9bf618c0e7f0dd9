import { isObject, type Json } from '../../json/json.js';
import { formatDuration } from '../text/duration.js';

/**
 * What a line of Lambda's own (not of the function) tells a reader: of a REPORT one short text; '' where it tells
 * nothing (START, END and the like). Undefined: the line is the function's. Both log formats, text and JSON.
 */
export function platformText(message: string): string | undefined {
  if (/^(START|END) RequestId: |^INIT_START /.test(message)) return '';
  if (message.startsWith('REPORT RequestId: ')) {
    const field = (name: string): number | undefined => {
      const [, value] = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) (?:ms|MB)`).exec(message) ?? [];
      return value === undefined ? undefined : Number(value);
    };
    return report({
      durationMs: field('Duration'),
      maxMemoryUsedMB: field('Max Memory Used'),
      memorySizeMB: field('Memory Size'),
      initDurationMs: field('Init Duration'),
      status: /\tStatus: (\S+)/.exec(message)?.[1],
    });
  }
  if (!/^\{.*"type":\s*"platform\./.test(message)) return undefined;
  return jsonReport(message);
}

function jsonReport(message: string): string | undefined {
  let line: Json;
  try {
    line = JSON.parse(message) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(line)) return undefined;
  if (line.type !== 'platform.report') return '';
  const { metrics, status } = isObject(line.record) ? line.record : {};
  const numbers = isObject(metrics) ? metrics : {};
  const number = (name: string): number | undefined =>
    typeof numbers[name] === 'number' ? numbers[name] : undefined;
  return report({
    durationMs: number('durationMs'),
    maxMemoryUsedMB: number('maxMemoryUsedMB'),
    memorySizeMB: number('memorySizeMB'),
    initDurationMs: number('initDurationMs'),
    status: status === 'success' || typeof status !== 'string' ? undefined : status,
  });
}

interface Report {
  durationMs?: number;
  maxMemoryUsedMB?: number;
  memorySizeMB?: number;
  initDurationMs?: number;
  /** `timeout`, `error`; undefined: success. */
  status?: string;
}

function report({ durationMs, maxMemoryUsedMB, memorySizeMB, initDurationMs, status }: Report): string {
  const parts = [
    status,
    durationMs !== undefined && `took ${formatDuration(durationMs)}`,
    maxMemoryUsedMB !== undefined && `${maxMemoryUsedMB} of ${memorySizeMB ?? '?'} MB`,
    initDurationMs !== undefined && `cold start ${formatDuration(initDurationMs)}`,
  ];
  return parts.filter(Boolean).join(', ');
}
