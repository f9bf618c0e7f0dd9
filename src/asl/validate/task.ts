import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { integrationOf } from '../language/compile.js';
import { type Context, type Rule, report } from './context.js';
import type { Place } from './diagnostic.js';
import { isExpressionText } from './jsonata.js';
import { template } from './template.js';

/** The language asks for a URI; what is no ARN names a worker that AWS does not have, but is no fault of form. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;
/** What follows a function's name: a version or an alias. */
const QUALIFIER = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+:(.*)$/;
const VERSION_OR_ALIAS = /^(\$LATEST|[A-Za-z0-9_-]+)$/;
const PATTERN = /\.(sync|sync:2|waitForTaskToken)$/;

export const resource: Rule = (context, value, place) => {
  if (typeof value !== 'string') {
    report(context, place, 'Expected value of type [STRING]');
    return;
  }
  const integration = integrationOf(value);
  const action = integration.kind === 'service' ? integration.resource.replace(PATTERN, '') : '';
  if (
    !URI.test(value) ||
    action.includes('.') ||
    !VERSION_OR_ALIAS.test(QUALIFIER.exec(value)?.[1] ?? '$LATEST')
  ) {
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

export const credentials: Rule = (context, value, place) => {
  if (isExpressionText(value) && context.language === 'JSONata') {
    template()(context, value, place);
    return;
  }
  if (!isObject(value)) {
    report(context, place, 'Expected value of type [OBJECT]');
    return;
  }
  const dynamic = context.language === 'JSONPath' ? value['RoleArn.$'] : undefined;
  if (value.RoleArn === undefined && dynamic === undefined)
    report(context, place, "The field 'RoleArn' is required but was missing");
  template()(context, value, place);
};

export function task(context: Context, state: JsonObject, place: Place): void {
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
