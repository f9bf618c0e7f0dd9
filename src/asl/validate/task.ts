import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { integrationOf } from '../language/compile.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { text } from './field-rules.js';
import { patternsOf } from './integrations/optimised.js';
import type { SdkActions } from './integrations/sdk.js';
import { isExpressionText } from './jsonata.js';
import { template } from './template.js';

/** A function, with a version or an alias of it or none. */
const FUNCTION = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+(?::(?:\$LATEST|[A-Za-z0-9_-]+))?$/;
const ACTIVITY = /^arn:[^:]*:states:[^:]*:[^:]*:activity:[^:]+$/;
/** A service integration: its service, API, and the pattern after the first dot. */
const SERVICE = /^arn:[^:]*:states:[^:]*:[^:]*:(aws-sdk:[^:]+|[^:]+):([^.]+)(?:\.(.+))?$/;

export const resource: Rule = (context, value, place) => {
  if (typeof value !== 'string') {
    text(context, value, place);
    return;
  }
  if (!value.startsWith('arn:')) {
    report(context, place, 'Value is not a valid resource ARN');
    return;
  }
  const integration = integrationOf(value);
  if (!isRecognized(value, context.checks.sdkActions)) {
    report(
      context,
      place,
      `The resource provided ${value} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
    );
    return;
  }
  if (context.type !== 'EXPRESS') return;
  if (integration.kind === 'activity')
    report(context, place, 'Express state machine does not support Activity ARN');
  if (integration.kind !== 'service') return;
  // The trailing blank is AWS's own.
  if (integration.pattern === 'waitForTaskToken')
    report(context, place, "Express state machine does not support '.waitForTaskToken' service integration ");
  if (integration.pattern === 'sync')
    report(context, place, "Express state machine does not support '.sync' service integration");
};

/** @param sdkActions absent: the names of AWS's own services and actions are not looked up */
function isRecognized(resource: string, sdkActions: SdkActions | undefined): boolean {
  if (FUNCTION.test(resource) || ACTIVITY.test(resource)) return true;
  const [, service = '', api = '', pattern] = SERVICE.exec(resource) ?? [];
  if (service.startsWith('aws-sdk:')) {
    const known = sdkActions?.(service.slice('aws-sdk:'.length), api) ?? true;
    return known && (pattern === undefined || pattern === 'waitForTaskToken');
  }
  const patterns = patternsOf(service, api);
  return patterns !== undefined && (pattern === undefined || patterns.some((one) => one === pattern));
}

export const credentials: Rule = (context, value, place) => {
  if (isExpressionText(value) && context.language === 'JSONata') {
    template()(context, value, place);
    return;
  }
  if (!isObject(value)) {
    report(context, place, 'Expected value of type Object');
    return;
  }
  const dynamic = context.language === 'JSONPath' ? value['RoleArn.$'] : undefined;
  if (value.RoleArn === undefined && dynamic === undefined)
    report(context, place, "The field 'RoleArn' is required but was missing");
  template()(context, value, place);
};

export function task(context: Context, state: JsonObject, place: Place): void {
  const { Resource: name } = state;
  if (typeof name === 'string' && ACTIVITY.test(name) && state.Credentials !== undefined)
    report(context, place, "The field 'Credentials' is not supported for activities");
  const [timeout, heartbeat] = [seconds(state.TimeoutSeconds), seconds(state.HeartbeatSeconds)];
  if (timeout !== undefined && heartbeat !== undefined && heartbeat >= timeout)
    report(
      context,
      [...place, 'HeartbeatSeconds'],
      "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'",
    );
}

const seconds = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;
