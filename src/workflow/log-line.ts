import type { Json } from '../asl/json.js';

/** The JSON of a log line, alone or behind what `aws logs tail` puts before it (a time, a stream's name). */
export function readLogLine(line: string): Json | undefined {
  const start = line.indexOf('{');
  if (start < 0) return undefined;
  try {
    return JSON.parse(line.slice(start)) as Json;
  } catch {
    return undefined;
  }
}
