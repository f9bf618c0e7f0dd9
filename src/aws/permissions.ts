import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { PermissionGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** IAM's policy simulator over the AWS SDK. */
export function createPermissionGateway(settings: ClientSettings): PermissionGateway {
  const client = equip(new IAMClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'IAM');
  return {
    async refused(principalArn, actions, resourceArns) {
      const refused: string[] = [];
      let Marker: string | undefined;
      do {
        const page = await send('SimulatePrincipalPolicy', () =>
          client.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: principalArn,
              ActionNames: actions,
              ResourceArns: resourceArns,
              Marker,
            }),
          ),
        );
        for (const { EvalActionName, EvalDecision } of page.EvaluationResults ?? [])
          if (EvalActionName && EvalDecision !== 'allowed') refused.push(EvalActionName);
        Marker = page.IsTruncated ? page.Marker : undefined;
      } while (Marker !== undefined);
      return refused;
    },
  };
}
