import { type Command, command, declare, type OptionSpec } from '../command.js';

export const completionDeclaration = declare({
  name: 'completion',
  summary: 'Shell completion of commands, flags, targets and machines',
  arguments: [
    { syntax: '<shell>', description: 'bash, zsh or fish' },
    {
      syntax: '[words...]',
      description: 'used by the shell: the words of the command line so far',
      mayBeEmpty: true,
    },
  ],
  examples: [
    { line: 'mbc-flow completion bash', what: 'add source <(mbc-flow completion bash) to ~/.bashrc' },
    { line: 'mbc-flow completion zsh', what: 'add source <(mbc-flow completion zsh) to ~/.zshrc' },
    { line: 'mbc-flow completion fish', what: 'add mbc-flow completion fish | source to config.fish' },
  ],
});

/** `completion`; `all` are the commands that it completes, itself among them. */
export const completionOf = (all: () => readonly Command[], globals: readonly OptionSpec[]): Command =>
  command(completionDeclaration, async () => {
    const { completion } = await import('./completion.run.js');
    return { run: completion(all(), globals) };
  });
