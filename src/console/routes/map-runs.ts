import { allowed, unlessNotFound } from '../../operations/pace/unless-denied.js';
import { jsonLine } from '../../views/text/json-line.js';
import type { ItemNamesDocument } from '../api.js';
import { textsIn } from '../http/fields.js';
import type { Route } from '../http/route.js';

/** Items that are seen at once; each takes a call. */
const MOST = 60;

export const mapRunRoutes: Route[] = [
  {
    method: 'POST',
    path: '/api/map-runs/names',
    changes: false,
    async run({ body, signal }, console): Promise<ItemNamesDocument> {
      const { states } = (await console.target()).gateways;
      const names: ItemNamesDocument['names'] = {};
      for (const arn of textsIn(body, 'executions', MOST)) {
        if (signal.aborted) break;
        const described = await allowed(() => states.describeExecution(arn)).catch(unlessNotFound);
        names[arn] = described?.input === undefined ? null : jsonLine(described.input);
      }
      return { names };
    },
  },
];
