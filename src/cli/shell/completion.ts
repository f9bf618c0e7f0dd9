import { type Command, command, declare, type OptionSpec } from './command.js';

export const completionDeclaration = declare({
  name: 'completion',
  summary: 'Completion of commands, flags, targets and machines for your shell',
  arguments: [
    { syntax: '<shell>', description: 'bash, zsh or fish' },
    { syntax: '[words...]', description: 'used by the shell: the words of a command line so far' },
  ],
  examples: [
    { line: 'mbc-flow completion bash', what: 'as source <(mbc-flow completion bash) in ~/.bashrc' },
    { line: 'mbc-flow completion zsh', what: 'as source <(mbc-flow completion zsh) in ~/.zshrc' },
    { line: 'mbc-flow completion fish', what: 'as mbc-flow completion fish | source in config.fish' },
  ],
});

/** `completion`; `all` are the commands that it completes, itself among them. */
export const completionOf = (all: () => readonly Command[], globals: readonly OptionSpec[]): Command =>
  command(completionDeclaration, async () => {
    const { completion } = await import('./completion.run.js');
    return { run: completion(all(), globals) };
  });
