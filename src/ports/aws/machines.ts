export interface StateMachineSummary {
  stateMachineArn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  creationDate: Date;
}

export interface StateMachineDescription extends StateMachineSummary {
  definition: string;
  roleArn: string;
  status?: string;
  description?: string;
  /** Changes with the definition; absent until the first change. */
  revisionId?: string;
  /** When this definition came to be. */
  updateDate?: Date;
  logGroupArn?: string;
  /** How much goes to the log group: OFF without one. */
  logLevel?: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  includeExecutionData?: boolean;
  tracingEnabled?: boolean;
}

export interface MachineVersion {
  versionArn: string;
  creationDate: Date;
}

export interface MachineAlias {
  aliasArn: string;
  name: string;
  /** In percent. */
  routes: { versionArn: string; weight: number }[];
}
