import { expressionCheck } from './expression-check.js';
import { type SdkActions, sdkActions } from './integrations/sdk.js';
import type { ExpressionCheck } from './jsonata-syntax.js';

/** What takes a library or a large table; what is absent is not looked at. */
export interface Checks {
  /** Of the text of JSONata expressions. */
  expressions?: ExpressionCheck;
  /** Names of services and actions of AWS's SDK integrations. */
  sdkActions?: SdkActions;
}

/** All that a definition needs, and nothing more. */
export async function checksOf(text: string): Promise<Checks> {
  const [expressions, actions] = await Promise.all([expressionCheck(text), sdkActions(text)]);
  return { expressions, sdkActions: actions };
}
