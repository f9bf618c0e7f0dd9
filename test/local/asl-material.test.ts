import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { material } from '../shared.js';
import { startServer } from './harness.js';

interface Entry {
  id: string;
  file: string;
  label: 'valid' | 'invalid' | 'unknown';
}

const entries = material.table<Entry>('asl/index.json');
const roleArn = 'arn:aws:iam::101010101010:role/r';
const anArn = 'arn:aws:lambda:ap-northeast-1:101010101010:function:replaced';

/** What a deployment fills in becomes an ARN. */
const definitionOf = ({ file }: Entry): string => material.text(`asl/${file}`).replace(/\$\{[^}]*\}/g, anArn);

material.describe('state machines of the real world', () => {
  test('are taken, described back byte for byte, and start; or a rule of AWS’s is named', async () => {
    const { sfn } = await startServer();
    const refused: [id: string, rule: string][] = [];
    const take = async (entry: Entry, number: number): Promise<void> => {
      const definition = definitionOf(entry);
      try {
        const { stateMachineArn } = await sfn.send(
          new CreateStateMachineCommand({ name: `m${number}`, roleArn, definition }),
        );
        const described = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
        expect(described.definition, entry.id).toBe(definition);
        await sfn.send(new StartExecutionCommand({ stateMachineArn }));
      } catch (error) {
        const { name, message } = error as Error;
        expect(name, `${entry.id}: ${message}`).toBe('InvalidDefinition');
        refused.push([entry.id, message]);
      }
    };
    await Promise.all(entries.filter(({ label }) => label !== 'invalid').map(take));
    // Each refusal names the rule: one of AWS's codes, and where it is broken.
    for (const [id, message] of refused)
      expect(message, id).toMatch(/^Invalid State Machine Definition: '[A-Z_]+: .+ at (\/|null|\[Source)/s);
    expect(refused.length).toBeLessThan(entries.length / 5);
  });

  test('those that are known to be wrong are refused', async () => {
    const { sfn } = await startServer();
    const taken: string[] = [];
    for (const [number, entry] of entries.filter(({ label }) => label === 'invalid').entries()) {
      await sfn
        .send(new CreateStateMachineCommand({ name: `m${number}`, roleArn, definition: definitionOf(entry) }))
        .then(
          () => taken.push(entry.id),
          () => {},
        );
    }
    expect(taken).toEqual([]);
  });
});
