import type { Target } from '../../cli/shell/target.js';
import { packageVersion } from '../../files/package-file.js';
import { knownTable } from '../../operations/framework/known-table.js';
import type { TargetDocument } from '../api.js';
import type { Route } from '../http/route.js';

export const targetRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/target',
    async run(_request, { target, readOnly }): Promise<TargetDocument> {
      const connected = await target();
      return {
        name: connected.name,
        account: connected.account ?? (await accountOf(connected.callerArn)),
        region: connected.region,
        protected: connected.protected,
        readOnly,
        importRecords: importRecords(connected),
        local: connected.loopback,
        live: connected.changes !== undefined,
        version: packageVersion(),
        prefix: connected.prefix ?? null,
        tenant: connected.tenant ?? null,
        flagsForHints: connected.flagsForHints,
      };
    },
  },
];

function importRecords(of: Pick<Target, 'tableName' | 'tenant'>): TargetDocument['importRecords'] {
  if (knownTable(() => of.tableName('import_tmp')) === undefined) return 'no-tables';
  return of.tenant === undefined ? 'no-tenant' : 'listed';
}

const accountOf = async (callerArn: () => Promise<string>): Promise<string | null> =>
  (await callerArn()).split(':')[4] ?? null;
