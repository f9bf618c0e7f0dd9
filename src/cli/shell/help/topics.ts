import { environmentTerms } from './environment.js';
import { exitCodeMeanings } from './exit-code-meanings.js';
import { definitions, wrapped } from './format.js';
import type { helpTopics } from './topic-names.js';

/** Paragraphs, lines to type, and lists of terms. */
type Part = string | { lines: readonly string[] } | { terms: readonly (readonly [string, string])[] };

const topics: Record<(typeof helpTopics)[number], readonly Part[]> = {
  targets: [
    'A target is a place where workflows run. Every command takes --target NAME.',
    {
      terms: [
        [
          'local',
          "this machine, and never AWS: the embedded server, with the application's tables and queues where its .env names them here",
        ],
        ['a name', 'from "targets" in the nearest mbc-flow.json, upwards from the working directory'],
        ['env', "the application's .env, where an endpoint is elsewhere; protected, never the default"],
        ['--profile, an ARN', 'an account or region that no target has: used for this command, protected'],
      ],
    },
    'The target is the first of: --target or --local, --profile or --endpoint-url, MBC_FLOW_TARGET, "defaultTarget" in mbc-flow.json, local.',
    'A protected target asks for its name before every change; in a script, --yes answers. Where "account" is set and the credentials belong to another one, nothing is changed (exit code 4).',
    'State machines, by role (command, task, import-csv): an ARN or name on the command line, "machines" in mbc-flow.json, SFN_*_ARN, then the names that the framework uses, with the prefix of the target.',
    { lines: ['mbc-flow init', 'mbc-flow doctor --target dev', 'mbc-flow list --target prod'] },
  ],
  references: [
    'Where a command takes an execution, any of these names it:',
    {
      terms: [
        ['ARN or console URL', 'as AWS shows it'],
        ['name', 'or any unique prefix of it, as tables print it'],
        ['@last', 'the last execution that this tool started on the target'],
        ['@2', 'the one before it'],
        ['<machine>@last', 'the newest execution of a state machine'],
        [
          '<machine>:<name>',
          'where several state machines have an execution of that name; a child of a map run is <machine>/<label>:<name>',
        ],
      ],
    },
    'A paused step is named by its request id (the id in the input or payload that the step was sent), by a unique prefix of it, or by its execution. If several things match, they are listed and none is chosen (exit code 5).',
    { lines: ['mbc-flow show @last', 'mbc-flow watch order@last', 'mbc-flow approve req-1042'] },
  ],
  'exit-codes': [
    'Every command ends with one of these codes:',
    { terms: exitCodeMeanings },
    'If a command does several things, its code is the worst of theirs: 70, 6, 4, 5, 3, 2, 1, 0.',
  ],
  json: [
    'Every command takes -o json (one document) and -o ndjson (one object a line, as it happens). Results go to standard output; everything else to standard error.',
    "Fields have AWS's own names: executionArn, status, startDate as ISO 8601 in UTC. Fields may be added; none is removed.",
    'An error is one line on standard error: {"error":{"code","exitCode","message","hint"}}. A bad outcome (exit code 1) is in the document itself.',
    'Nothing is asked under -o json: a protected target, and a change of several things chosen by a filter, need --yes.',
    {
      lines: [
        "mbc-flow list --status FAILED -o json | jq -r '.executions[].name'",
        'mbc-flow watch @last -o ndjson',
        'mbc-flow import customers.csv --check -o json',
      ],
    },
  ],
  environment: [
    'Variables that mbc-flow reads. Flags win over them; the process environment wins over .env.',
    {
      terms: environmentTerms,
    },
  ],
  time: [
    'Options such as --since, --older-than and --timeout take a duration or a date.',
    {
      terms: [
        ['90s, 15m, 2h, 7d', 'seconds, minutes, hours, days'],
        ['2026-04-01', 'midnight of that day, in the time zone of this machine (TZ)'],
        ['2026-04-01T09:30', 'that minute, likewise'],
        ['2026-04-01T00:30:00Z', 'with a zone of its own'],
      ],
    },
    'Times in text are in the time zone of this machine, or in UTC with --utc; in JSON they are ISO 8601 in UTC.',
    { lines: ['mbc-flow list --since 2h', 'mbc-flow logs order --since 2026-04-01T09:00'] },
  ],
};

/** Undefined where there is no such topic. */
export function topicText(topic: string, columns: number): string | undefined {
  if (!Object.hasOwn(topics, topic)) return undefined;
  const parts = topics[topic as keyof typeof topics].map((part) => {
    if (typeof part === 'string') return wrapped(part, columns);
    if ('lines' in part) return part.lines.map((line) => `  ${line}`).join('\n');
    return definitions(part.terms, columns);
  });
  return `${parts.join('\n\n')}\n`;
}
