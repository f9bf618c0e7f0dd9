import type Database from 'libsql';
import { builtinMachines } from '../../framework/machines.js';
import { stateMachineArn } from '../arns.js';
import {
  asReplaced,
  forgetOrigin,
  machineOrigin,
  machinesFrom,
  type Origin,
  type Replaced,
  setOrigin,
} from '../runtime/machine-origins.js';
import {
  insertStateMachine,
  overwriteStateMachine,
  type StateMachineRow,
  stateMachine,
} from '../runtime/machine-tables.js';

/** What a machine of a file takes the place of, before it does. */
export function replacedBy(db: Database.Database, arn: string, origin: Origin): Replaced | undefined {
  const [found, known] = [stateMachine(db, arn), machineOrigin(db, arn)];
  if (known?.origin === origin) return known.replaced;
  return found && asReplaced(found, known?.origin);
}

/** Registers a machine of the config. @returns whether anything changed */
export function standIn(db: Database.Database, row: StateMachineRow): boolean {
  const [found, known] = [stateMachine(db, row.arn), machineOrigin(db, row.arn)];
  // A template's stands above it.
  if (known?.origin === 'template') {
    setOrigin(db, row.arn, { origin: 'template', replaced: asReplaced(row, 'config') });
    return false;
  }
  const replaced = replacedBy(db, row.arn, 'config');
  if (!found) insertStateMachine(db, row);
  else if (found.definition !== row.definition)
    overwriteStateMachine(db, { ...found, definition: row.definition });
  setOrigin(db, row.arn, { origin: 'config', ...(replaced && { replaced }) });
  return found?.definition !== row.definition;
}

/** Those that their file no longer has give back what they took the place of. @returns their ARNs */
export function giveBack(db: Database.Database, origin: Origin, still: string[]): string[] {
  return machinesFrom(db, origin)
    .filter((arn) => !still.includes(arn))
    .filter((arn) => {
      const [found, known] = [stateMachine(db, arn), machineOrigin(db, arn)];
      forgetOrigin(db, arn);
      if (!found || !known?.replaced) return false;
      const { origin: former, ...before } = known.replaced;
      const builtin =
        former === 'builtin'
          ? builtinMachines().find(({ name }) => stateMachineArn(name) === arn)
          : undefined;
      overwriteStateMachine(db, { ...found, ...before, ...(builtin && { definition: builtin.definition }) });
      if (former) setOrigin(db, arn, { origin: former });
      return true;
    });
}
