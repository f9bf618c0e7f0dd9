import { useMemo, useState } from 'preact/hooks';
import { graphOf } from '../../../../workflow/definition/graph.js';
import { machineName } from '../../../../workflow/names/arn.js';
import type { MachineDocument } from '../../../api.js';
import { useTopic } from '../../core/live.js';
import { useLoaded } from '../../core/load.js';
import { pathTo } from '../../core/router.js';
import { target } from '../../core/target.js';
import { t } from '../../text/index.js';
import { Button, Link } from '../../ui/button.js';
import { FlowGraph } from '../../ui/graph/flow-graph.js';
import { JsonTree } from '../../ui/json-tree.js';
import { Loading, Page, Trouble } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { fullTime, Time, Took } from '../../ui/time.js';
import { MachineStatistics } from './machine-statistics.js';
import { StartDialog } from './start-dialog.js';

const NEWEST = 8;

/** All about one state machine, and the way to start it. */
export function MachinePage({ arn }: { arn: string }) {
  const { value, error } = useLoaded<MachineDocument>(`/api/machines/${encodeURIComponent(arn)}`);
  const [starting, setStarting] = useState(false);
  const name = machineName(arn);
  const words = t().machines;
  return (
    <Page
      title={name}
      beside={value && <span class="badge">{value.type}</span>}
      actions={
        <Button
          kind="main"
          icon="play"
          disabled={!value || target.value?.readOnly === true}
          onClick={() => setStarting(true)}
        >
          {words.start}
        </Button>
      }
    >
      {error !== undefined && <Trouble error={error} />}
      {!value && error === undefined && <Loading />}
      {value && <Machine machine={value} />}
      {starting && value && <StartDialog machine={value} onClose={() => setStarting(false)} />}
    </Page>
  );
}

function Machine({ machine }: { machine: MachineDocument }) {
  const graph = useMemo(() => graphOf(parsedOrEmpty(machine.definition)), [machine.definition]);
  const [selected, setSelected] = useState<string>();
  const [source, setSource] = useState(false);
  const words = t().machines;
  return (
    <div class="columns machine">
      <section class="panel graph">
        <header>
          <h2>{words.graph}</h2>
          <Button kind="quiet" pressed={source} onClick={() => setSource(!source)}>
            {words.source}
          </Button>
        </header>
        {source ? (
          <JsonTree label={machine.name} text={machine.definition} />
        ) : (
          <FlowGraph
            label={`${words.graph}: ${machine.name}`}
            graph={graph}
            selected={selected}
            onSelect={(name) => setSelected(name === selected ? undefined : name)}
          />
        )}
        {selected !== undefined && !source && <StateSource definition={machine.definition} name={selected} />}
      </section>
      <div class="stack">
        <MachineStatistics arn={machine.stateMachineArn} express={machine.type === 'EXPRESS'} />
        <Newest machine={machine} />
        <About machine={machine} />
      </div>
    </div>
  );
}

/** What the definition says of a state. */
function StateSource({ definition, name }: { definition: string; name: string }) {
  const text = useMemo(
    () => JSON.stringify(stateIn(parsedOrEmpty(definition), name) ?? null),
    [definition, name],
  );
  return <JsonTree label={name} text={text} />;
}

function Newest({ machine }: { machine: MachineDocument }) {
  const live = useTopic('executions');
  const changes = live.changes.value;
  const rows = useMemo(
    () =>
      [...live.rows.values()]
        .filter(({ stateMachineName }) => stateMachineName === machine.name)
        .sort((a, b) => (a.startDate < b.startDate ? 1 : -1))
        .slice(0, NEWEST),
    [live, changes, machine.name],
  );
  const words = t().machines;
  if (machine.type === 'EXPRESS') return null;
  return (
    <section class="panel">
      <header>
        <h2>{words.executions}</h2>
        <Link href={`/executions?machine=${encodeURIComponent(machine.name)}`}>{words.allExecutions}</Link>
      </header>
      {rows.length === 0 ? (
        <p class="nothing">{t().overview.none}</p>
      ) : (
        <ul class="newest">
          {rows.map(({ executionArn, name, status, startDate, stopDate }) => (
            <li key={executionArn}>
              <Status status={status} short />
              <Link href={pathTo.execution(executionArn)}>{name}</Link>
              <span class="muted">
                <Time at={Date.parse(startDate)} /> ·{' '}
                <Took from={Date.parse(startDate)} to={stopDate === null ? null : Date.parse(stopDate)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function About({ machine }: { machine: MachineDocument }) {
  const words = t().machines;
  const rows: [string, string | undefined][] = [
    ['ARN', machine.stateMachineArn],
    [words.created, fullTime(Date.parse(machine.creationDate))],
    [words.changed, machine.updateDate === null ? undefined : fullTime(Date.parse(machine.updateDate))],
    [words.role, machine.roleArn],
    [words.logging, machine.logging.level === 'OFF' ? words.off : machine.logging.level],
    [words.functions, machine.outline.functions.join(', ')],
    [words.list, machine.outline.machines.join(', ')],
  ];
  return (
    <section class="panel">
      <header>
        <h2>{words.about}</h2>
      </header>
      <dl class="about">
        {rows.map(([label, text]) =>
          text ? (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}

type Value = Parameters<typeof graphOf>[0];

function parsedOrEmpty(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return {};
  }
}

/** Wherever it stands: names are unique in a definition. */
function stateIn(value: Value, name: string): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) {
    const { States: states } = value;
    if (
      typeof states === 'object' &&
      states !== null &&
      !Array.isArray(states) &&
      Object.hasOwn(states, name)
    )
      return states[name];
  }
  for (const inner of Object.values(value)) {
    const found = stateIn(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
