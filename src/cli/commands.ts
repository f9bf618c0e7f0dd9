import { approve } from './approve.js';
import { audit } from './audit.js';
import type { Command } from './command.js';
import { completionOf } from './completion.js';
import { demo } from './demo.js';
import { dev } from './dev.js';
import { doctor } from './doctor.js';
import { fail } from './fail.js';
import { globalOptions } from './global-options.js';
import { graph } from './graph.js';
import { heartbeat } from './heartbeat.js';
import { history } from './history.js';
import { importCommand } from './import.js';
import { init } from './init.js';
import { lint } from './lint.js';
import { list } from './list.js';
import { logs } from './logs.js';
import { machines } from './machines.js';
import { open } from './open.js';
import { pending } from './pending.js';
import { redrive } from './redrive.js';
import { reject } from './reject.js';
import { rerun } from './rerun.js';
import { resume } from './resume.js';
import { scaffold } from './scaffold.js';
import { show } from './show.js';
import { start } from './start.js';
import { stop } from './stop.js';
import { taskList } from './task-list.js';
import { taskShow } from './task-show.js';
import { taskStart } from './task-start.js';
import { triggerQueue } from './trigger-queue.js';
import { triggerStream } from './trigger-stream.js';
import { watch } from './watch.js';

/** Every command, in the order of the help. */
export const commands: Command[] = [
  importCommand,
  taskStart,
  taskList,
  taskShow,
  watch,
  show,
  history,
  logs,
  list,
  graph,
  start,
  stop,
  redrive,
  rerun,
  open,
  pending,
  approve,
  reject,
  resume,
  fail,
  heartbeat,
  audit,
  triggerStream,
  triggerQueue,
  machines,
  scaffold,
  lint,
  doctor,
  init,
  dev,
  demo,
  completionOf(() => commands, globalOptions),
];
