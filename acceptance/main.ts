import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { connect, Missing, MissingOperation } from './clients.js';
import { runCommands } from './commands.js';
import { type Result, runCases } from './differ.js';
import { startEmbedded } from './embedded.js';
import { dropJournal, formerRuns, type Made, madeOf, type Note, openJournal, type Place } from './journal.js';
import { shelves } from './kinds.js';
import { isLoopback, type Options, optionsOf, UsageError, usage } from './options.js';
import { estimate, plannedResources } from './plan.js';
import { type Start, startBinary } from './process.js';
import { provide } from './provide.js';
import { type Report, reportLines, tableOf } from './report.js';
import type { Side } from './side.js';
import { takeDown } from './take-down.js';

export interface World {
  /** Of the repository. */
  root: string;
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** Aborted by Ctrl-C and SIGTERM, with the exit code as its reason. */
  signal: AbortSignal;
  /** Starts a command of ours: the binary, by default. */
  start?: Start;
}

/** @returns the exit code: 1 where something differs or is left, 2 for a bad command line */
export async function main(args: string[], world: World): Promise<number> {
  try {
    const options = optionsOf(args, world.env);
    if (options.help) {
      world.stdout.write(usage);
      return 0;
    }
    return await new Kit(options, world).run();
  } catch (error) {
    if (world.signal.aborted) return Number(world.signal.reason);
    const { message } = error as Error;
    world.stderr.write(`error: ${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    world.stderr.write('  npm run acceptance -- --help\n');
    return 2;
  }
}

class Kit {
  private readonly clients;
  private readonly missing = new Missing();

  constructor(
    private readonly options: Options,
    private readonly world: World,
  ) {
    this.clients = connect(options, world.env);
  }

  async run(): Promise<number> {
    const { options } = this;
    const place = await this.place();
    const { account, region } = place;
    this.say(`Account ${account}, region ${region}${options.endpointUrl ? `, ${options.endpointUrl}` : ''}`);
    if (options.plan) return this.plan();
    if (options.cleanup) return await this.cleanUp(place);
    if (!isLoopback(options.endpointUrl)) this.refuseWithoutRoles();
    const { dollars } = estimate(options.only);
    const count = plannedResources(options.prefix, options.only).length;
    await this.confirm(
      `Makes ${count} resources named ${options.prefix}-…, and removes them at the end; on AWS it costs less than $${Math.max(0.01, dollars).toFixed(2)} (--plan lists all).`,
    );
    return await this.compare(place);
  }

  private say(line: string): void {
    (this.options.json ? this.world.stderr : this.world.stdout).write(`${line}\n`);
  }

  private async place(): Promise<Place> {
    const { endpointUrl, region, roleArn } = this.options;
    const named = roleArn?.split(':')[4];
    try {
      const { Account } = await this.missing.call('sts.GetCallerIdentity', () =>
        this.clients.sts.send(new GetCallerIdentityCommand({})),
      );
      const place = { endpointUrl, account: Account ?? '000000000000', region };
      // The embedded server is in one region, whatever a client says.
      return { ...place, region: await this.regionThere(region) };
    } catch (error) {
      if (!(error instanceof MissingOperation)) throw error;
      return { endpointUrl, account: named ?? '000000000000', region: await this.regionThere(region) };
    }
  }

  /** Of an emulator, that of its ARNs: it may have one of its own. */
  private async regionThere(region: string): Promise<string> {
    if (this.options.endpointUrl === undefined) return region;
    try {
      const { stateMachines = [] } = await this.missing.call('states.ListStateMachines', () =>
        this.clients.sfn.send(new ListStateMachinesCommand({ maxResults: 1 })),
      );
      return stateMachines[0]?.stateMachineArn?.split(':')[3] ?? region;
    } catch (error) {
      if (!(error instanceof MissingOperation)) throw error;
      return region;
    }
  }

  private plan(): number {
    const { prefix, only, json } = this.options;
    const rows = plannedResources(prefix, only);
    const { lines, dollars } = estimate(only);
    if (json) this.world.stdout.write(`${JSON.stringify({ resources: rows, dollars })}\n`);
    else {
      for (const line of tableOf(
        ['kind', 'name', 'cost'],
        rows.map(({ kind, name, cost }) => [kind, name, cost]),
      ))
        this.say(line);
      this.say('\nAt the list prices of us-east-1, with what is free each month charged, too:');
      for (const line of lines) this.say(`  ${line}`);
      this.say(`  together less than $${(Math.ceil(dollars * 100) / 100).toFixed(2)}`);
      this.say('\nNothing was done.');
    }
    return 0;
  }

  private async cleanUp(place: Place): Promise<number> {
    const { options } = this;
    const former = formerRuns(options.journal, place);
    const { removed, left } = await takeDown(shelves(this.clients, this.missing, place), {
      prefix: options.prefix,
      noted: former.flatMap(({ made }) => made),
      allow: async (found) => {
        for (const line of tableOf(
          ['kind', 'name'],
          found.map(({ kind, name }) => [kind, name]),
        ))
          this.say(line);
        await this.confirm(`Removes these ${found.length}.`);
        return true;
      },
    });
    for (const { run } of former)
      if (!left.some(({ name }) => name.includes(`-${run}-`))) dropJournal(options.journal, run);
    if (options.json) this.world.stdout.write(`${JSON.stringify({ removed, left })}\n`);
    this.tellTakenDown(removed, left);
    return left.length > 0 ? 1 : 0;
  }

  private tellTakenDown(removed: Made[], left: (Made & { why: string })[]): void {
    this.say(`${removed.length} removed, ${left.length} left`);
    for (const { kind, name, why } of left) this.say(`  left: ${kind} ${name}: ${why}`);
  }

  private refuseWithoutRoles(): void {
    const { roleArn, functionRoleArn } = this.options;
    if (!roleArn || !functionRoleArn)
      throw new UsageError(
        '--role-arn and --function-role-arn are needed (docs/acceptance.md has their policies)',
      );
  }

  private async confirm(what: string): Promise<void> {
    const { stdin, stderr, signal } = this.world;
    this.say(what);
    if (this.options.yes) return;
    if (!stdin.isTTY) throw new UsageError('not a terminal: --yes says that it may');
    const terminal = createInterface({ input: stdin, output: stderr });
    const answer = await terminal.question('Go on? [y/N] ', { signal });
    terminal.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was done');
  }

  private async compare(place: Place): Promise<number> {
    const { options, world } = this;
    const run = runId();
    const notes: Note[] = [];
    const journal = openJournal(options.journal, run, place);
    const stop = new AbortController();
    world.signal.addEventListener('abort', () => stop.abort(world.signal.reason));
    if (world.signal.aborted) stop.abort(world.signal.reason);
    const target = this.side(place, run, stop.signal, (note) => {
      notes.push(note);
      journal.note(note);
    });
    let results: Result[] = [];
    let failure: unknown;
    const { start = startBinary } = world;
    const scratch = { root: world.root, env: world.env, cwd: journal.scratch };
    const server = startEmbedded(start, scratch, [target.name, target.prefix]);
    try {
      const [{ endpoint }] = await Promise.all([server, provide(target, world.root)]);
      const embedded = await embeddedSide(target, endpoint);
      await provide(embedded, world.root);
      embedded.functions = target.functions;
      const sides = { target, embedded };
      const told = (result: Result): void => this.progress(result);
      const [cases, commands] = await Promise.all([
        runCases(sides, options.only, told),
        runCommands(sides, { start, ...scratch }, options.only, told),
      ]).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      });
      results = [...cases, ...commands];
    } catch (error) {
      failure = error;
      stop.abort(error);
    }
    await server.then(
      (started) => started.stop(),
      () => undefined,
    );
    const taken = await takeDown(shelves(this.clients, this.missing, place), {
      prefix: options.prefix,
      run,
      noted: madeOf(notes),
    });
    if (taken.left.length === 0) dropJournal(options.journal, run);
    if (failure && !world.signal.aborted) {
      this.tellTakenDown(taken.removed, taken.left);
      throw failure;
    }
    const report: Report = { ...place, run, results, missing: this.missing.operations, ...taken };
    if (options.json) world.stdout.write(`${JSON.stringify(documentOf(report))}\n`);
    else for (const line of reportLines(report)) this.say(line);
    if (world.signal.aborted) return Number(world.signal.reason);
    if (results.every(({ verdict }) => verdict === 'left out')) {
      this.say('nothing could be compared');
      return 1;
    }
    return results.some(({ verdict }) => verdict === 'different') || taken.left.length > 0 ? 1 : 0;
  }

  private progress({ id, verdict }: Result): void {
    if (verdict === 'different') this.world.stderr.write(`different: ${id}\n`);
  }

  private side(place: Place, run: string, signal: AbortSignal, note: (note: Note) => void): Side {
    const { endpointUrl, profile, prefix } = this.options;
    const role = (name: string): string => `arn:aws:iam::${place.account}:role/${name}`;
    const { roleArn = role(prefix), functionRoleArn = role(`${prefix}-function`) } = this.options;
    return {
      target: { endpointUrl, profile, region: place.region },
      clients: this.clients,
      missing: this.missing,
      place,
      roleArn,
      functionRoleArn,
      prefix,
      name: `${prefix}-${run}`,
      functions: `${prefix}-${run}`,
      note,
      has: new Set(),
      signal,
    };
  }
}

/** The same names on the embedded server, which goes with all that is in it. */
async function embeddedSide(target: Side, endpoint: string): Promise<Side> {
  const region = 'ap-northeast-1';
  const clients = connect({ endpointUrl: endpoint, region }, {});
  const { Account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
  return {
    ...target,
    target: { endpointUrl: endpoint, region },
    clients,
    missing: new Missing(),
    place: { endpointUrl: endpoint, account: Account, region },
    roleArn: target.roleArn.replace(target.place.account, Account),
    note: () => {},
    has: new Set(),
  };
}

/** A part of names that nobody else has. */
const runId = (): string => `r${randomBytes(5).readUIntBE(0, 5).toString(36).padStart(8, '0').slice(-7)}`;

function documentOf({ results, missing, ...report }: Report) {
  const of = (verdict: Result['verdict']) => results.filter((one) => one.verdict === verdict);
  return {
    ...report,
    same: of('same').length,
    differences: of('different').map(({ id, why }) => ({ id, why })),
    leftOut: of('left out').map(({ id, why }) => ({ id, why })),
    missing: [...missing],
    masked: results.reduce((sum, { masked }) => sum + masked, 0),
  };
}
