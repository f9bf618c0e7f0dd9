import { useMemo } from 'preact/hooks';
import type { ExecutionRow, MachineRow } from '../../../api.js';
import { type Tally, tallyOf } from '../../core/executions.js';
import { useTopic } from '../../core/live.js';
import { pathTo } from '../../core/router.js';
import { t } from '../../text/index.js';
import { Link } from '../../ui/button.js';
import { durationText } from '../../ui/time.js';
import { percentText } from '../overview/card.js';

export interface MachineTally extends MachineRow {
  tally: Tally;
}

/** The machines, each with what its listed executions come to. */
export function useMachines(): { rows: MachineTally[]; ready: boolean } {
  const machines = useTopic('machines');
  const executions = useTopic('executions');
  const [changedMachines, changedExecutions] = [machines.changes.value, executions.changes.value];
  const rows = useMemo(() => {
    const by = new Map<string, ExecutionRow[]>();
    for (const row of executions.rows.values()) {
      const list = by.get(row.stateMachineName);
      if (list) list.push(row);
      else by.set(row.stateMachineName, [row]);
    }
    return [...machines.rows.values()]
      .map((machine) => ({ ...machine, tally: tallyOf(by.get(machine.name) ?? []) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }, [machines, executions, changedMachines, changedExecutions]);
  return { rows, ready: machines.facts.value?.at !== undefined };
}

/** Machines with their success and durations, those that ran last first. */
export function MachinesTable() {
  const { rows, ready } = useMachines();
  const words = t().machines;
  if (ready && rows.length === 0) return <p class="nothing">{words.none}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={words.list}>
      <table class="table">
        <thead>
          <tr>
            <th>{words.name}</th>
            <th class="right">{words.running}</th>
            <th class="right">{words.failed}</th>
            <th class="right">{words.rate}</th>
            <th class="right">{words.p50}</th>
            <th class="right">{words.p95}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ stateMachineArn, name, type, tally }) => (
            <tr key={stateMachineArn}>
              <th scope="row">
                <Link href={pathTo.machine(stateMachineArn)}>{name}</Link>
              </th>
              {type === 'EXPRESS' ? (
                <td colSpan={5} class="muted">
                  {words.express}
                </td>
              ) : (
                <>
                  <td class="right">{tally.running}</td>
                  <td class={`right ${tally.failed + tally.timedOut > 0 ? 'look-failed' : ''}`}>
                    {tally.failed + tally.timedOut}
                  </td>
                  <td class="right">{percentText(tally.rate)}</td>
                  <td class="right">{tally.took ? durationText(tally.took.p50) : '–'}</td>
                  <td class="right">{tally.took ? durationText(tally.took.p95) : '–'}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
