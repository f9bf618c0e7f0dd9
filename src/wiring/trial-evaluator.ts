import type { Evaluate } from '../asl/engine/map-item.js';
import type { Evaluator } from '../jsonata/evaluator.js';

/** Evaluates for a command that tries something out. Loaded and started when first needed, ended with the command. */
export function trialEvaluator(signal: AbortSignal): { evaluate: Evaluate; close(): Promise<void> } {
  let evaluator: Promise<Evaluator> | undefined;
  return {
    async evaluate(evaluation) {
      evaluator ??= import('../jsonata/evaluator.js').then(({ createEvaluator }) => createEvaluator());
      const { evaluate } = await evaluator;
      return await new Promise((resolve, reject) => {
        const stopped = (): void => reject(new DOMException('told to stop', 'AbortError'));
        if (signal.aborted) return stopped();
        signal.addEventListener('abort', stopped, { once: true });
        evaluate(evaluation)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', stopped));
      });
    },
    close: async () => await (await evaluator)?.stop(),
  };
}
