import { commandGroups, commands } from './cli/commands.js';
import { errorBlock, errorJson } from './cli/shell/error-block.js';
import { leavingBy, left } from './cli/shell/interruption.js';
import { type GlobalFlags, type Invocation, parseCommandLine } from './cli/shell/parse-command-line.js';
import { colorWanted } from './cli/shell/terminal.js';
import { type ExitCode, exitCodes, FlowError, worstExitCode } from './errors.js';
import { faultWords } from './files/system-errors.js';
import { worldFault } from './system-error.js';
import { version } from './version.js';
import { visible, visibleJson } from './views/text/safe-text.js';
import { shellWord } from './workflow/names/shell-word.js';
import { machineWorld, type World } from './world.js';

export { commandGroups, commands };

/** A command that is asked to stop gets this long to clean up. */
const gracePeriod = 5_000;

/** Runs one command line; resolves with the exit code. Never throws. */
export async function main(
  world: World,
  onCommand: (invocation: Invocation) => void = () => {},
): Promise<ExitCode> {
  let invocation: Invocation | undefined;
  try {
    let told = '';
    const tell = (text: string): void => {
      told += text;
    };
    invocation = parseCommandLine(world.args, commandGroups, version, tell, helpColumns(world));
    if (told !== '')
      world.stdout.write(asksForJson(world.args) ? `${visibleJson(asked(told))}\n` : visible(told));
    if (!invocation) return exitCodes.ok;
    onCommand(invocation);
    return await runCommand(world, invocation);
  } catch (error) {
    return report(world, error, invocation?.flags);
  }
}

async function runCommand(world: World, { command, args, options, flags }: Invocation): Promise<ExitCode> {
  const stop = new AbortController();
  let giveUp: () => void = () => {};
  const impatience = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('the command did not stop in time'));
  });
  impatience.catch(() => {});
  const unlisten = world.onSignal((signal) => {
    if (stop.signal.aborted) return giveUp();
    stop.abort(signal);
    world.clock.sleep(gracePeriod).then(giveUp);
  });
  // Loaded only now, so that help and usage errors pay for argument parsing alone.
  const [{ createContext }, { run }] = await Promise.all([import('./wiring/context.js'), command.run()]);
  const context = createContext(world, flags, args, stop.signal, command.name);
  /** A change that was made stays made where its record failed: both are told. */
  const withAudit = (code: ExitCode): ExitCode => {
    const fault = context.auditFault();
    return fault ? worstExitCode([code, report(world, fault, flags)]) : code;
  };
  try {
    const running = run(context, args, options).finally(() => context.close());
    /** What a role may not do is told once, and the rest is done. */
    const deniedNote = (): void => {
      const actions = context.deniedActions();
      if (actions.length > 0) context.err.notice(`Note: not permitted, and left out: ${actions.join(', ')}`);
    };
    // Whichever comes first; a command that loses the race must not fail unheard.
    running.catch(() => {});
    const code = await Promise.race([running, impatience]);
    deniedNote();
    return withAudit(code);
  } catch (caught) {
    const error = context.reaching(caught);
    const fault = context.auditFault();
    if (fault && flags.output === 'text') report(world, fault, flags);
    if (fault && error instanceof FlowError) throw alsoUnaudited(error, fault);
    // What a signal broke off is neither a bug nor out of reach.
    const brokenOff = !(error instanceof FlowError) || error.exitCode === exitCodes.unreachable;
    if (!stop.signal.aborted || !brokenOff) throw error;
    throw left(leavingBy(stop.signal), 'Interrupted', { cause: error });
  } finally {
    context.err.progress('');
    unlisten();
  }
}

/** One error is printed as JSON: it tells of both. */
function alsoUnaudited(error: FlowError, { code, message, where, hint }: FlowError): FlowError {
  const details = { ...error.details, audit: { code, message, where, hint } };
  return new FlowError(error.exitCode, error.code, error.message, { ...error, cause: error.cause, details });
}

function report(world: World, error: unknown, flags: GlobalFlags | undefined): ExitCode {
  const known = error instanceof FlowError ? error : (worldFault(error) ?? bug(error, world.args));
  const json = flags ? flags.output !== 'text' : asksForJson(world.args);
  const color = colorWanted(world.env, world.stderr.isTTY === true, flags?.color !== false);
  world.stderr.write(`${json ? errorJson(known) : errorBlock(known, color)}\n`);
  if (flags?.verbose && known.exitCode === exitCodes.bug && error instanceof Error) {
    world.stderr.write(`${visible(error.stack ?? '').replaceAll('\n', '\n     ')}\n`);
  }
  return known.exitCode;
}

/** `args`: what was typed. */
function bug(error: unknown, args: readonly string[]): FlowError {
  const message = error instanceof Error ? error.message : String(error);
  return new FlowError(exitCodes.bug, 'Bug', `mbc-flow failed: ${message}`, {
    hint: `mbc-flow ${[...args, '-v'].map(shellWord).join(' ')} 2> report.txt`,
    cause: error,
  });
}

/** Help or the version as a document. */
const asked = (text: string): string =>
  JSON.stringify(text.trim() === version ? { version } : { help: text.trimEnd() });

/** The command line itself was bad, so its flags are known by their looks only. */
const asksForJson = (args: string[]): boolean =>
  args.some(
    (word, index) =>
      /^(-o|--output)=?(json|ndjson)$/.test(word) ||
      (/^(-o|--output)$/.test(args[index - 1] ?? '') && /^(nd)?json$/.test(word)),
  );

/** Long lines are hard to read, however wide the terminal. */
const helpColumns = ({ stdout }: World): number => Math.min(stdout.columns ?? 80, 100);

/**
 * The program: the only place that ends the process. Where standard output breaks, a command that only reads ends: at
 * once and quietly when its reader has gone (`| head`), with an error otherwise (a full disk). One that changes
 * something continues to its end, and its exit code says how that went.
 */
export async function run(world: World = machineWorld()): Promise<void> {
  let changing = false;
  let flags: GlobalFlags | undefined;
  let broken: NodeJS.ErrnoException | undefined;
  const breaks = new Promise<void>((resolve) => {
    world.stdout.on('error', (error: NodeJS.ErrnoException) => {
      broken ??= error;
      if (!changing) resolve();
    });
  });
  world.stderr.on('error', () => {});
  const running = main(world, (invocation) => {
    flags = invocation.flags;
    changing = changesSomething(invocation);
  });
  let code = await Promise.race([running, breaks.then(() => exitCodes.ok)]);
  await Promise.all(
    [world.stdout, world.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  );
  if (broken && broken.code !== 'EPIPE') {
    const unheard = report(world, notWritten(broken, changing), flags);
    if (code === exitCodes.ok) code = unheard;
  }
  process.exit(code);
}

const changesSomething = ({ command: { changes }, options, flags }: Invocation): boolean =>
  !flags.dryRun && (typeof changes === 'function' ? changes(options) : changes === true);

const notWritten = (error: NodeJS.ErrnoException, changed: boolean): FlowError =>
  new FlowError(
    exitCodes.failed,
    error.code ?? 'OutputFailed',
    `the output could not be written: ${faultWords(error)}`,
    {
      where: 'standard output',
      hint: changed ? 'the command completed; check its result with mbc-flow list' : undefined,
      cause: error,
    },
  );
