import type { ObjectGateway } from '../../ports/aws.js';
import { executionParts } from '../../workflow/names/arn.js';

/** The first rows (of at most 1,000 batches) that the reference functions stored for an import, in file order. */
export async function storedRows(
  objects: Pick<ObjectGateway, 'list' | 'read'>,
  bucket: string,
  table: string,
  executionArn: string,
): Promise<Record<string, string>[]> {
  const { name = '' } = executionParts(executionArn);
  const rows: { row: Record<string, string>; index: number }[] = [];
  for (const { key } of await objects.list(bucket, `imported/${table}/${name}/`)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await objects.read(bucket, key)) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n');
    for (const line of lines) rows.push(JSON.parse(line) as (typeof rows)[number]);
  }
  return rows.map(({ row }) => row);
}
