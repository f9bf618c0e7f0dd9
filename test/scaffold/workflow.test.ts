import { describe, expect, it } from 'vitest';
import { application } from './application.js';

describe('scaffold workflow', () => {
  it('compiles, also under strict, passes the lint and its own tests; a second run changes nothing', async () => {
    const app = application();
    for (const scaffolding of [
      { name: 'order-approval', approval: true },
      { name: 'closing', states: ['collect', '集計する', 'close'], map: true },
      { name: 'price-import', csvImport: true },
      { name: 'nightly', queryLanguage: 'JSONata', approval: true, map: true, csvImport: true } as const,
    ]) {
      await app.scaffold(scaffolding);
      expect((await app.scaffold(scaffolding)).plan.changes).toEqual([]);
    }
    expect(app.compile()).toEqual([]);
    expect(app.compile({ strict: true })).toEqual([]);
    app.lint();
    app.unitTest();
  }, 120_000);
});
