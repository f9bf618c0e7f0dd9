import { code, fenced, page, table } from './markdown.mjs';

export const exitCodesPage = ({ exitCodeMeanings }) =>
  page('Exit codes', 'src/cli/shell/help/exit-code-meanings.ts', [
    table(['code', 'meaning'], exitCodeMeanings),
    'If a command does several things, its code is the worst of theirs, in this order: 70, 6, 4, 5, 3, 2, 1, 0. No code changes its meaning before a new major version.',
  ]);

export const environmentPage = ({ environmentTerms }) =>
  page('Environment variables', 'src/cli/shell/help/environment.ts', [
    'Flags win over them; the process environment wins over the `.env` of the application, which is read as the framework reads it.',
    table(
      ['variable', ''],
      environmentTerms.map(([names, what]) => [names.split(', ').map(code).join(', '), what]),
    ),
  ]);

export const lintRulesPage = ({ allRules }) =>
  page('Lint rules', 'src/lint', [
    'What `mbc-flow lint` reports beside AWS’s own diagnostics, whose codes are AWS’s. `mbc-flow lint --explain MF001` prints one of these pages, `mbc-flow lint --rules` lists them. An error ends with exit code 1.',
    table(
      ['code', 'severity', 'title'],
      allRules().map(({ code: name, severity, title }) => [code(name), severity, title]),
    ),
    ...allRules().flatMap(({ code: name, title, why, instead }) => [`## ${name}: ${title}`, why, instead]),
  ]);

const ready = [
  [
    'Look, and change nothing',
    ['list', 'show', 'watch', 'history', 'logs', 'graph', 'machines', 'stats', 'pending', 'top'],
  ],
  ['Approve', ['pending', 'show', 'approve', 'reject']],
  ['Operate', ['list', 'show', 'watch', 'logs', 'stop', 'redrive', 'rerun', 'start']],
  ['Import', ['import']],
];

export function permissionsPage({ permissionCommands, permissionsOf, policyFor }) {
  const service = (actions) => actions.map(code).join(' ');
  const scope = { bucket: 'dev-acme-ddb-attributes', tables: 'dev-acme-' };
  return page('Permissions', 'src/operations/doctor/command-actions.ts', [
    'The IAM actions of each command. Without one that it *needs*, a command ends with exit code 4 and names the action. Without one that it *uses*, it does the rest, and says once, on standard error, what was left out. A machine or an execution that is named by its ARN needs no `states:ListStateMachines` and `states:ListExecutions`. `sts:GetCallerIdentity` needs no permission.',
    'A policy for a target of yours, with the names of its bucket and tables: `mbc-flow doctor --policy approve,pending --target prod`. What a role lacks: `mbc-flow doctor --target prod`.',
    'Where the target has an `audit` in a bucket, whoever changes something needs `s3:PutObject` there, and `audit` needs `s3:ListBucket` and `s3:GetObject`. No other action is needed to write it.',
    table(
      ['command', 'needs', 'uses'],
      permissionCommands().map((command) => {
        const { needs, uses } = permissionsOf(command);
        return [code(command), service(needs), service(uses)];
      }),
    ),
    ...ready.flatMap(([title, commands]) => [
      `## ${title}`,
      commands.map(code).join(', '),
      fenced(JSON.stringify(policyFor(commands, scope), null, 2), 'json'),
    ]),
  ]);
}
