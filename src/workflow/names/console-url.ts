const consoles: Record<string, string> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The page of AWS's console about an execution or a state machine, by its ARN. */
export function consoleUrl(arn: string): string {
  const [, partition = 'aws', , region = '', , kind] = arn.split(':');
  const host = consoles[partition] ?? `${region}.console.aws.amazon.com`;
  const page =
    kind === 'stateMachine'
      ? `statemachines/view/${encodeURIComponent(arn)}`
      : kind === 'express'
        ? `express-executions/details/${encodeURIComponent(arn)}`
        : kind === 'mapRun'
          ? `mapruns/details/${encodeURIComponent(arn)}`
          : `executions/details/${encodeURIComponent(arn)}`;
  return `https://${host}/states/home?region=${region}#/v2/${page}`;
}

/** X-Ray's page about a trace, from a trace header: `Root=1-…;Parent=…;Sampled=1`. */
export function traceUrl(arn: string, traceHeader: string | undefined): string | undefined {
  const id = /Root=([\w-]+)/.exec(traceHeader ?? '')?.[1];
  if (id === undefined) return undefined;
  const [, partition = 'aws', , region = ''] = arn.split(':');
  const host = consoles[partition] ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/cloudwatch/home?region=${region}#xray:traces/${id}`;
}

/** The page of the mbc-flow UI about an execution, a map run or a state machine, by its ARN. */
export function uiPath(arn: string): string {
  const kind = arn.split(':')[5];
  const page = kind === 'stateMachine' ? 'machines' : kind === 'mapRun' ? 'map-runs' : 'executions';
  return `/${page}/${encodeURIComponent(arn)}`;
}
