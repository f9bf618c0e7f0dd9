import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Synthesises the CDK app of the fixtures, offline; returns its template's path. */
export function synthesise(folder: string): string {
  execFileSync(process.execPath, [join(import.meta.dirname, 'fixtures/cdk-app.mjs')], {
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_VALIDATION: 'false',
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'Approval.template.json');
}
