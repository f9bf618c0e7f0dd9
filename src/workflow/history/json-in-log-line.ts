import { type Json, parsedJson } from '../../json/json.js';

/** The JSON of a log line, alone or behind what `aws logs tail` puts before it (a time, a stream's name). */
export function readLogLine(line: string): Json | undefined {
  const start = line.indexOf('{');
  return start < 0 ? undefined : parsedJson(line.slice(start));
}
