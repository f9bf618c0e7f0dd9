/** US dollars for 1,000 state transitions of STANDARD executions, by AWS's price list of 2026; by region. */
const perThousand: Record<string, number> = { 'us-east-1': 0.025, 'ap-northeast-1': 0.025 };

/** Without the free tier; undefined where the region's price is not known here. */
export function transitionsPrice(transitions: number, region: string): number | undefined {
  const price = Object.hasOwn(perThousand, region) ? perThousand[region] : undefined;
  // Without the dust of binary fractions.
  return price === undefined ? undefined : Number(((transitions * price) / 1000).toPrecision(12));
}
