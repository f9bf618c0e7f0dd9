import { FlowError } from '../../errors.js';
import type { Following, Until } from '../../operations/import/queued/rows-to-end.js';
import type { Target } from '../shell/target.js';

/**
 * How far imported rows are followed: to their data rows where the app's tables and its queue can be read, else to the
 * queue; as told where it is told.
 * @throws FlowError where the end is asked for and what tells it is not known
 */
export async function followingOf(target: Target, told: Until | undefined): Promise<Following> {
  if (told === 'queued') return { until: 'queued' };
  try {
    target.tableName('import_tmp');
    const queue = await target.importQueue();
    if (queue === undefined && told === undefined)
      return { until: 'queued', why: 'IMPORT_QUEUE_URL is not known' };
    const commandMachineArn = await target.machineArn('command');
    return { until: 'stored', told: told !== undefined, way: { commandMachineArn, queue } };
  } catch (error) {
    if (!(error instanceof FlowError) || told !== undefined) throw error;
    return { until: 'queued', why: error.message };
  }
}

/** The machine that each imported row starts once, where that is known. */
export async function commandsOf(target: Target): Promise<{ commandMachineArn?: string }> {
  const following = await followingOf(target, undefined);
  return following.until === 'stored' ? { commandMachineArn: following.way.commandMachineArn } : {};
}
