import { useState } from 'preact/hooks';
import { machineName } from '../../../../workflow/names/arn.js';
import type { DoneDocument, ExecutionFacts, RedrivePlanDocument, RerunDocument } from '../../../api.js';
import { get, post } from '../../core/api.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { saidText } from '../../text/translations/page-language.js';
import { Button } from '../../ui/button.js';
import { confirmChange } from '../../ui/dialog.js';
import { tell, tellBad, tellFailure } from '../../ui/notices.js';
import { StartDialog } from '../machines/start-dialog.js';
import { RedrivePlan } from './redrive-plan.js';

type Execution = NonNullable<ExecutionFacts['execution']>;

interface ActsProps {
  arn: string;
  execution: Execution;
  /** Of a map run's child: only that starts it again. */
  parent: string | undefined;
  /** Its input is known. */
  repeatable: boolean;
}

/** What can be done to it as it stands; each asks first. */
export function Acts({ arn, execution, parent, repeatable }: ActsProps) {
  const [busy, setBusy] = useState(false);
  const [again, setAgain] = useState<RerunDocument>();
  const words = t().execution;
  const { status } = execution;
  const name = execution.name ?? arn;
  const path = `/api/executions/${encodeURIComponent(arn)}`;
  const on = target.value?.name ?? '';
  const off = busy || target.value?.readOnly === true;
  const express = arn.includes(':express:');

  const during = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const change = async (verb: 'stop' | 'redrive', confirm: string | boolean, done: string): Promise<void> => {
    const body = { executions: [arn], confirm };
    const { results } = await post<DoneDocument>(`/api/executions/${verb}`, body);
    const error = results[0]?.error;
    if (error) tellBad(saidText(error.message, error.code));
    else tell(done);
  };
  const stop = async (): Promise<void> => {
    const confirm = await confirmChange({
      title: words.confirmStop(name, on),
      children: <p>{words.stopWhat}</p>,
      action: words.stop,
      danger: true,
    });
    if (confirm !== undefined) await change('stop', confirm, words.stopped);
  };
  const redrive = async (): Promise<void> => {
    const plan = await get<RedrivePlanDocument>(`${path}/redrive`);
    if (!plan.redrivable) return tellBad(`${words.notRedrivable}: ${plan.reason ?? plan.status}`);
    const confirm = await confirmChange({
      title: words.redriveTitle(name, on),
      children: <RedrivePlan plan={plan} />,
      action: words.redriveNow,
    });
    if (confirm !== undefined) await change('redrive', confirm, words.redriven1);
  };
  return (
    <>
      {status === 'RUNNING' && !express && (
        <Button kind="danger" icon="stop" disabled={off} onClick={() => void during(stop)}>
          {words.stop}
        </Button>
      )}
      {['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status) && !express && (
        <Button icon="redrive" disabled={off} onClick={() => void during(redrive)}>
          {words.redrive}
        </Button>
      )}
      {parent === undefined && repeatable && (
        <Button
          icon="play"
          disabled={off}
          onClick={() => void during(async () => setAgain(await get<RerunDocument>(`${path}/rerun`)))}
        >
          {words.rerun}
        </Button>
      )}
      {again && (
        <StartDialog
          machine={{
            stateMachineArn: again.stateMachineArn,
            name: machineName(again.stateMachineArn),
          }}
          again={{ ...again, executionArn: arn }}
          onClose={() => setAgain(undefined)}
        />
      )}
    </>
  );
}
