import { approve } from './answer/approve.js';
import { fail } from './answer/fail.js';
import { heartbeat } from './answer/heartbeat.js';
import { reject } from './answer/reject.js';
import { resume } from './answer/resume.js';
import { audit } from './audit/audit.js';
import { ui } from './console/ui.js';
import { top } from './desk/top.js';
import { graph } from './execution/graph.js';
import { history } from './execution/history.js';
import { list } from './execution/list.js';
import { open } from './execution/open.js';
import { redrive } from './execution/redrive.js';
import { show } from './execution/show.js';
import { stop } from './execution/stop.js';
import { test } from './flow-test/test.js';
import { importCommand } from './import/import.js';
import { importList } from './import/list.js';
import { importShow } from './import/show.js';
import { diff } from './machine/diff.js';
import { machines } from './machine/machines.js';
import { stats } from './machine/stats.js';
import { pending } from './pending/pending.js';
import { demo } from './project/demo.js';
import { dev } from './project/dev.js';
import { doctor } from './project/doctor.js';
import { init } from './project/init.js';
import { lint } from './project/lint.js';
import { scaffold } from './project/scaffold.js';
import { rehearse } from './rehearsal/rehearse.js';
import type { Command, CommandGroup } from './shell/command.js';
import { completionOf } from './shell/completion/completion.js';
import { globalOptions } from './shell/global-options.js';
import { helpOf } from './shell/help/help.js';
import { rerun } from './start/rerun.js';
import { start } from './start/start.js';
import { taskList } from './task/list.js';
import { taskShow } from './task/show.js';
import { taskStart } from './task/start.js';
import { triggerQueue } from './trigger/queue.js';
import { triggerStream } from './trigger/stream.js';
import { logs } from './watch/logs.js';
import { watch } from './watch/watch.js';

/** Every command, by what people do with it, in the order of the help. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Run',
    commands: [importCommand, taskStart, start, rerun, redrive, stop, triggerStream, triggerQueue],
  },
  {
    title: 'See',
    commands: [
      top,
      ui,
      list,
      show,
      watch,
      history,
      logs,
      graph,
      importList,
      importShow,
      taskList,
      taskShow,
      machines,
      stats,
      diff,
      open,
    ],
  },
  { title: 'Answer', commands: [pending, approve, reject, resume, fail, heartbeat, audit] },
  { title: 'Develop', commands: [dev, demo, rehearse, scaffold, lint, test] },
  {
    title: 'Set up',
    commands: [init, doctor, completionOf(() => commands, globalOptions), helpOf(() => commandGroups)],
  },
];

export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands);
