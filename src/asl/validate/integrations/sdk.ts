/** Whether AWS's SDK integrations have the action of the service: `dynamodb`, `putItem`. */
export type SdkActions = (service: string, action: string) => boolean;

/**
 * The table of AWS's services, for a definition that names one. Undefined where none does: the table is large.
 * @param text of the definition
 */
export async function sdkActions(text: string): Promise<SdkActions | undefined> {
  if (!text.includes(':aws-sdk:')) return undefined;
  const { SDK_ACTIONS: table } = await import('./sdk-actions.js');
  return (service, action) => {
    const start = table.indexOf(`\n${service} `);
    if (start < 0 || !/^[a-z0-9]+$/.test(service)) return false;
    const [, ...verbs] = table.slice(start + 1, table.indexOf('\n', start + 1)).split(' ');
    return verbs.some((verb) => verb === '*' || actionsOf(verb).includes(action));
  };
}

/** `get:Item,Records` → `getItem`, `getRecords`. */
function actionsOf(verb: string): string[] {
  const [first = '', nouns = ''] = verb.split(':');
  return nouns.split(',').map((noun) => first + noun);
}
