import type { ExecutionDataDocument } from '../../../api.js';
import { useLoaded } from '../../core/load.js';
import { t } from '../../text/index.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Loading, Trouble } from '../../ui/page.js';

/** What went in and what came out. `status`: with another one there may be an output. */
export function DataTab({ arn, status }: { arn: string; status: string }) {
  const path = `/api/executions/${encodeURIComponent(arn)}/data?status=${status}`;
  const { value, error } = useLoaded<ExecutionDataDocument>(path);
  const words = t().execution;
  if (error !== undefined) return <Trouble error={error} />;
  if (!value) return <Loading />;
  const { input, output } = value;
  return (
    <div class="two tall">
      {input === null ? (
        <p class="muted">{words.noInput}</p>
      ) : (
        <JsonTree label={words.input} text={input} depth={3} />
      )}
      {output === null ? (
        <section class="json">
          <div class="json-head">
            <span class="json-label">{words.output}</span>
          </div>
          <p class="nothing">{status === 'RUNNING' ? words.noOutput : words.noOutputEnded}</p>
        </section>
      ) : (
        <JsonTree label={words.output} text={output} depth={3} />
      )}
    </div>
  );
}
