import { isObject, type Json, type JsonObject } from '../../src/json/json.js';
import { activityArn, stateMachineArn } from '../../src/local/arns.js';
import { type Answer, recordedError } from './answers.js';
import { errorCall } from './api-errors.js';
import { operationOf } from './api-operations.js';
import { answers, arnsIn, objectOf, type RecordedApi, roleArn } from './api-record.js';

export interface Call {
  operation: string;
  input: JsonObject;
  /** The recording kept this member of the answer alone, and of it only what was its own. */
  list?: string;
}
export type Send = (call: Call) => Promise<Answer>;

/** Reads the calls of a recorded test off what was answered, and brings about what the record takes for granted. */
export class ApiReading {
  machineArn: string;
  aliasArn = '';
  /** The version that the alias was made for. */
  routed = '';
  executionArn = '';
  private nextToken: Json | undefined;
  private usedDefinitions = 0;
  private readonly known = new Set<string>();
  private current: JsonObject = {};
  private tags: JsonObject[] = [];
  private aliases: string[] = [];

  constructor(
    readonly record: RecordedApi,
    private readonly entries: [string, Json][],
    private readonly send: Send,
  ) {
    const [first] = arnsIn(entries, 'stateMachine');
    this.machineArn = first ? baseOf(first) : stateMachineArn(`${record.id}-none`);
  }

  /** The client's own refusals need no call. */
  canTell(index: number): boolean {
    const [key, answer] = this.entries[index] ?? ['', null];
    if (isClientRefusal(answer)) return true;
    return recordedError(answer)
      ? errorCall(this, index, key, answer) !== undefined
      : operationOf(key, answer) !== undefined;
  }

  async call(index: number): Promise<Call | undefined> {
    const [key, answer] = this.entries[index] ?? ['', null];
    if (isClientRefusal(answer)) return undefined;
    await this.prepare(index, answer);
    if (recordedError(answer)) return errorCall(this, index, key, answer);
    const operation = operationOf(key, answer) ?? '';
    const call = this.read(operation, index, key, objectOf(answer));
    if (operation === 'ListActivities') return { ...call, list: 'activities' };
    return Array.isArray(answer) ? { ...call, list: 'stateMachines' } : call;
  }

  /** Answers tell what later calls go on with. */
  learn({ operation, input }: Call, answer: Answer): void {
    const members = objectOf(answer as Json);
    this.nextToken = members.nextToken;
    if ('Error' in answer) return;
    if (operation === 'TagResource') this.tags = input.tags as JsonObject[];
    if (operation === 'UpdateStateMachine' && isObject(input)) this.current = { ...this.current, ...input };
  }

  definition(): string {
    const { definitions } = this.record;
    const text = definitions[Math.min(this.usedDefinitions, definitions.length - 1)] ?? PASS;
    this.usedDefinitions++;
    return text.replace(/\$\{[^}]*activityArn[^}]*\}/g, activityArn(`${this.record.id}-activity`));
  }

  /** The next answer that `wanted` takes. */
  later(
    index: number,
    wanted: (answer: JsonObject, key: string) => boolean,
    beforeUpdate = false,
  ): JsonObject | undefined {
    const rest = this.entries.slice(index + 1);
    const update = rest.findIndex(([key, answer]) => operationOf(key, answer) === 'UpdateStateMachine');
    return rest
      .slice(0, beforeUpdate && update >= 0 ? update : rest.length)
      .map(([key, answer]) => [objectOf(answer), key] as const)
      .find(([answer, key]) => wanted(answer, key))?.[0];
  }

  private read(operation: string, index: number, key: string, answer: JsonObject): Call {
    const call = (input: JsonObject): Call => ({ operation, input });
    switch (operation) {
      case 'CreateStateMachine':
        return call(this.creation(index, answer));
      case 'UpdateStateMachine':
        return this.update(index, key, answer);
      case 'DescribeStateMachine':
      case 'DeleteStateMachine':
      case 'ListStateMachineVersions':
      case 'ListStateMachineAliases':
        return call({
          stateMachineArn: (answer.stateMachineArn as string) ?? this.machineArn,
          ...this.page(answer),
        });
      case 'PublishStateMachineVersion':
        return call(this.publication(index, answer));
      case 'DeleteStateMachineVersion':
        return call({ stateMachineVersionArn: this.deletedVersion(index) });
      case 'CreateStateMachineAlias':
        return call(this.alias(index, answer));
      case 'DescribeStateMachineAlias':
        return call({ stateMachineAliasArn: answer.stateMachineAliasArn ?? this.aliasArn });
      case 'DeleteStateMachineAlias':
        return call({ stateMachineAliasArn: this.deletedAlias(index) });
      case 'StartExecution':
      case 'StartSyncExecution':
        return call(this.start(index, answer));
      case 'DescribeExecution':
      case 'DescribeStateMachineForExecution':
      case 'StopExecution':
        return call({ executionArn: (answer.executionArn as string) ?? this.executionArn });
      case 'ListExecutions':
        return call({ ...this.listed(answer), ...this.page(answer) });
      case 'CreateActivity':
        return call({ name: lastPart(answer.activityArn) });
      case 'DescribeActivity':
      case 'DeleteActivity':
        return call({
          activityArn:
            (answer.activityArn as string) ?? [...this.known].find((arn) => arn.includes(':activity:')) ?? '',
        });
      case 'ListTagsForResource':
        return call({ resourceArn: this.machineArn });
      case 'TagResource': {
        const tags = (this.later(index, (later) => 'tags' in later)?.tags ?? []) as JsonObject[];
        const removed = this.later(index, (_, later) => later.startsWith('untag'))
          ? [{ key: 'removed', value: '' }]
          : [];
        return call({ resourceArn: this.machineArn, tags: [...tags, ...removed] });
      }
      case 'UntagResource': {
        const kept = (this.later(index, (later) => 'tags' in later)?.tags ?? []) as JsonObject[];
        const gone = this.tags.filter((tag) => !kept.some((one) => one.key === tag.key));
        return call({ resourceArn: this.machineArn, tagKeys: gone.map((tag) => tag.key as string) });
      }
      default:
        return call({});
    }
  }

  /** A page's size is what it held, where more came after it. */
  private page(answer: JsonObject): JsonObject {
    const items = Object.values(answer).find(Array.isArray);
    return {
      ...('nextToken' in answer && items && { maxResults: items.length }),
      ...(this.nextToken !== undefined && { nextToken: this.nextToken }),
    };
  }

  private creation(index: number, answer: JsonObject): JsonObject {
    const arn = String(answer.stateMachineArn);
    const again = this.current.name === lastPart(arn);
    const described = this.later(
      index,
      (later) => baseOf(String(later.stateMachineArn)) === arn && 'roleArn' in later,
      true,
    );
    const version = this.later(
      index,
      (later) => later.stateMachineArn === `${arn}:1` && 'description' in later,
    );
    const tags = this.later(index, (later, key) => 'tags' in later || /^tag/.test(key))?.tags;
    const express = described?.type === 'EXPRESS' || JSON.stringify(this.entries).includes(':express:');
    const input: JsonObject = {
      name: lastPart(arn),
      definition:
        this.described(described) ?? (again ? (this.current.definition as string) : this.definition()),
      roleArn: described?.roleArn ?? roleArn('r'),
      ...(express && { type: 'EXPRESS' }),
      ...(answer.stateMachineVersionArn !== undefined && { publish: true }),
      ...(version && { versionDescription: version.description ?? null }),
      ...(Array.isArray(tags) && tags.length > 0 && { tags }),
      ...configurations(described),
    };
    this.machineArn = arn;
    this.current = input;
    return input;
  }

  /** The definition's text that an answer shows parsed. */
  private described(answer: JsonObject | undefined): string | undefined {
    const shown = answer?.definition;
    if (shown === undefined) return undefined;
    const at = this.record.definitions.findIndex((text) => answers(shown, text, new Set()));
    this.usedDefinitions = Math.max(this.usedDefinitions, at + 1);
    return this.record.definitions[at] ?? JSON.stringify(shown);
  }

  private update(index: number, key: string, answer: JsonObject): Call {
    if (/alias/.test(key)) return { operation: 'UpdateStateMachineAlias', input: this.aliasUpdate(index) };
    const described = this.later(
      index,
      (later, name) => 'definition' in later || ('updateDate' in later && !/alias/.test(name)),
    );
    const seen = described && 'definition' in described ? described : undefined;
    const changes = 'revisionId' in answer || seen !== undefined;
    const publish = 'stateMachineVersionArn' in answer;
    return {
      operation: 'UpdateStateMachine',
      input: {
        stateMachineArn: this.machineArn,
        ...(changes && { definition: this.described(seen) ?? this.nextDefinition() }),
        ...(seen && { roleArn: seen.roleArn ?? null, ...configurations(seen) }),
        ...(publish && { publish: true }),
        ...(!changes && !publish && { definition: this.nextDefinition() }),
      },
    };
  }

  private nextDefinition(): string {
    return this.definition();
  }

  private publication(index: number, answer: JsonObject): JsonObject {
    const arn = answer.stateMachineVersionArn;
    const described = this.later(index, (later) => later.stateMachineArn === arn && 'description' in later);
    return {
      stateMachineArn: this.machineArn,
      ...(described && { description: described.description ?? null }),
    };
  }

  private alias(index: number, answer: JsonObject): JsonObject {
    const arn = String(answer.stateMachineAliasArn);
    this.aliasArn ||= arn;
    this.aliases.push(arn);
    const described = this.later(
      index,
      (later) => later.stateMachineAliasArn === arn && 'routingConfiguration' in later,
    );
    const version = /DeleteStateMachineVersion/.test(JSON.stringify(this.entries))
      ? versionsIn(this.entries)
      : undefined;
    const first =
      arnsIn(described?.routingConfiguration ?? null, 'stateMachine')[0] ?? version ?? `${this.machineArn}:1`;
    this.routed = first;
    return {
      name: lastPart(arn),
      description: 'create state machine alias description',
      routingConfiguration: [{ stateMachineVersionArn: first, weight: 100 }],
    };
  }

  private aliasUpdate(index: number): JsonObject {
    const described = this.later(index, (later) => 'routingConfiguration' in later);
    return {
      stateMachineAliasArn: this.aliasArn,
      ...(described && {
        description: described.description ?? null,
        routingConfiguration: described.routingConfiguration ?? null,
      }),
    };
  }

  private deletedAlias(index: number): string {
    const left = this.later(index, (later) => 'stateMachineAliases' in later);
    const kept = arnsIn(left ?? null, 'stateMachine');
    const gone = left ? this.aliases.find((arn) => !kept.includes(arn)) : this.aliasArn;
    this.aliases = this.aliases.filter((arn) => arn !== gone);
    return gone ?? this.aliasArn;
  }

  private deletedVersion(index: number): string {
    const kept = this.later(index, (later) => 'stateMachineVersions' in later);
    const known = [...this.known].filter((arn) => /:stateMachine:[^:]+:\d+$/.test(arn));
    return (
      known.find((arn) => kept && !arnsIn(kept, 'stateMachine').includes(arn)) ??
      known[0] ??
      `${this.machineArn}:1`
    );
  }

  private start(index: number, answer: JsonObject): JsonObject {
    const arn = String(answer.executionArn);
    const shown = this.entries
      .slice(index)
      .flatMap(([, later]) => [objectOf(later), ...((objectOf(later).executions ?? []) as JsonObject[])])
      .find((later) => later.executionArn === arn && 'stateMachineArn' in later);
    const through = shown?.stateMachineAliasArn ?? shown?.stateMachineVersionArn;
    this.executionArn = arn;
    const [input = shown?.input] = this.record.inputs.slice(0, 1).filter(isJsonText);
    return {
      stateMachineArn: through ?? this.machineArn,
      name: arn.split(':')[7] ?? '',
      ...(input !== undefined && { input: typeof input === 'string' ? input : JSON.stringify(input) }),
    };
  }

  /** What a list was of: a version or an alias, where all of it was started through it. */
  private listed(answer: JsonObject): JsonObject {
    const items = (answer.executions ?? []) as JsonObject[];
    const version = items[0]?.stateMachineVersionArn;
    const started = [...this.known].filter((arn) => arn.includes(':execution:')).length;
    const through =
      version !== undefined && items.every((item) => item.stateMachineVersionArn === version)
        ? version
        : undefined;
    // Nothing of what there was: only those that run still.
    const none = items.length === 0 && (started > 0 || this.executionArn !== '');
    return { stateMachineArn: through ?? this.machineArn, ...(none && { statusFilter: 'RUNNING' }) };
  }

  /** Brings about what an answer takes for granted: machines, versions, executions, activities that it names. */
  private async prepare(index: number, answer: Json): Promise<void> {
    const made = recordedError(answer) ? null : operationOf(this.entries[index]?.[0] ?? '', answer);
    const creates = new Set(['CreateStateMachine', 'CreateActivity', 'DeleteActivity']);
    if (index === 0) await this.takenForGranted();
    if (recordedError(answer)) return;
    if (made && creates.has(made)) {
      for (const arn of [...arnsIn(answer, 'stateMachine'), ...arnsIn(answer, 'activity')])
        this.known.add(arn);
      return;
    }
    for (const arn of arnsIn(answer, 'stateMachine')) await this.machine(index, arn, made ?? undefined);
    if (made === 'CreateStateMachineAlias') {
      for (const [at] of this.record.definitions.entries())
        await this.machine(index, `${this.machineArn}:${at + 1}`);
      const answers = this.entries.filter(([, other]) => !recordedError(other));
      for (const arn of arnsIn(answers, 'stateMachine'))
        if (/:\d+$/.test(arn)) await this.machine(index, arn);
    }
    for (const arn of arnsIn(answer, 'activity'))
      await this.once(arn, 'CreateActivity', { name: lastPart(arn) });
    if (made === 'ListExecutions') await this.executions(index);
    if (made === 'DescribeStateMachine') await this.configured(objectOf(answer));
    if (made === 'DescribeExecution' || made === 'DescribeStateMachineForExecution')
      await this.started(index, answer);
    if (made === 'StartExecution') this.known.add(String(objectOf(answer).executionArn));
  }

  private async machine(index: number, arn: string, made?: string): Promise<void> {
    const qualifier = arn.split(':')[7];
    const base = baseOf(arn);
    if (!this.known.has(base)) {
      this.known.add(base);
      const input = this.creation(index - 1, { stateMachineArn: base });
      await this.send({ operation: 'CreateStateMachine', input });
    }
    this.machineArn ||= base;
    const versions = Number(qualifier);
    const publishes = made === 'PublishStateMachineVersion' || made === 'UpdateStateMachine';
    if (!Number.isInteger(versions)) return;
    for (let number = 1; number <= versions - (publishes ? 1 : 0); number++) await this.version(base, number);
    this.known.add(arn);
    // One that nothing tells of was there, and is gone.
    const before = `${base}:${versions - 1}`;
    if (
      made === 'PublishStateMachineVersion' &&
      versions > 1 &&
      !arnsIn(this.entries, 'stateMachine').includes(before)
    )
      await this.send({ operation: 'DeleteStateMachineVersion', input: { stateMachineVersionArn: before } });
  }

  /** A configuration that nothing before says how it came about was set in between. */
  private async configured(answer: JsonObject): Promise<void> {
    const { loggingConfiguration } = configurations(answer);
    const before = this.current.loggingConfiguration;
    if (!loggingConfiguration || JSON.stringify(loggingConfiguration) === JSON.stringify(before)) return;
    this.current = { ...this.current, loggingConfiguration };
    const stateMachineArn = this.machineArn;
    await this.send({ operation: 'UpdateStateMachine', input: { stateMachineArn, loggingConfiguration } });
  }

  private async started(index: number, answer: Json): Promise<void> {
    const arn = String(objectOf(answer).executionArn ?? `${this.machineArn}:execution`);
    if (this.executionArn !== '') return;
    await this.once(
      arn,
      'StartExecution',
      this.start(index, { executionArn: arn.replace(':stateMachine:', ':execution:') }),
    );
  }

  /** Machines that the record tells of, without telling how they came to be. */
  private async takenForGranted(): Promise<void> {
    const answers = this.entries.filter(([, answer]) => !recordedError(answer));
    const created = answers.filter(([key, answer]) => operationOf(key, answer) === 'CreateStateMachine');
    const before = new Set(arnsIn(created, 'stateMachine').map(baseOf));
    for (const arn of new Set(arnsIn(answers, 'stateMachine').map(baseOf)))
      if (!before.has(arn)) await this.machine(0, arn);
  }

  private async version(base: string, number: number): Promise<void> {
    const arn = `${base}:${number}`;
    if (this.known.has(arn)) return;
    if (number > 1) {
      const definition = PASS.replace('"Comment"', `"Comment":"${number}","C"`).replace('"C":"",', '');
      await this.send({ operation: 'UpdateStateMachine', input: { stateMachineArn: base, definition } });
    }
    await this.once(arn, 'PublishStateMachineVersion', { stateMachineArn: base });
  }

  /** Oldest first: all of the pages are of the same list, newest first. */
  private async executions(index: number): Promise<void> {
    const lists = this.entries.slice(index).map(([, answer]) => objectOf(answer).executions);
    const items = lists.flatMap((list) => (Array.isArray(list) ? (list as JsonObject[]) : []));
    if (this.executionArn !== '' || [...this.known].some((arn) => arn.includes(':execution:'))) return;
    if (this.entries.some(([key, answer]) => operationOf(key, answer) === 'StartExecution')) return;
    for (const item of items.toReversed()) {
      const stateMachineArn = item.stateMachineVersionArn ?? item.stateMachineArn ?? '';
      await this.once(String(item.executionArn), 'StartExecution', {
        stateMachineArn,
        name: item.name ?? '',
      });
    }
  }

  private async once(arn: string, operation: string, input: JsonObject): Promise<void> {
    if (this.known.has(arn)) return;
    this.known.add(arn);
    await this.send({ operation, input });
  }
}

/** Of a version's or an alias's ARN: the machine's. */
const baseOf = (arn: string): string => arn.split(':').slice(0, 7).join(':');

const PASS = '{"Comment":"","StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}';

const versionsIn = (entries: Json): string | undefined =>
  arnsIn(entries, 'stateMachine').find((arn) => /:\d+$/.test(arn));

const configurations = (described: JsonObject | undefined): JsonObject => {
  const logging = objectOf(described?.loggingConfiguration);
  return logging.destinations === undefined ? {} : { loggingConfiguration: logging };
};

export const lastPart = (arn: Json | undefined): string =>
  String(arn).slice(String(arn).lastIndexOf(':') + 1);

function isClientRefusal(answer: Json): boolean {
  return /Parameter validation failed/.test(JSON.stringify(answer));
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return !text.includes('${');
  } catch {
    return false;
  }
}
