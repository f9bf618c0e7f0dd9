import type { ExpressionCheck } from './jsonata-syntax.js';

/**
 * Parses the JSONata expressions of a definition, as AWS does when it is created. Undefined where nothing is JSONata:
 * the parser is not loaded then.
 * @param text of the definition
 */
export async function expressionCheck(text: string): Promise<ExpressionCheck | undefined> {
  if (!text.includes('"QueryLanguage"')) return undefined;
  return (await import('./jsonata-syntax.js')).checkJsonata;
}
