import type { ImportCost } from '../../operations/import/estimate-cost.js';
import { transitionsPrice } from '../../workflow/statistics/price.js';
import { count } from '../states/map-progress.js';

/** As `import --dry-run -o json` has it. */
export function costDocument({ run, commands }: ImportCost, region: string) {
  return {
    ...run,
    usd: priceOf(run, region),
    commands: commands ? { ...commands, usd: priceOf(commands, region) } : null,
  };
}

/** `about 8 state transitions, 2 child executions, 3 Lambda requests, 0.0002 USD in ap-northeast-1` */
export function costLines({ run, commands }: ImportCost, region: string): string[] {
  const { transitions, children, expressChildren, requests } = run;
  const own = [
    `about ${counted(transitions, 'state transition')}`,
    children > 0 &&
      counted(children, expressChildren === children ? 'EXPRESS child execution' : 'child execution'),
    counted(requests, 'Lambda request'),
    priceText(run, region),
  ];
  const lines = [`cost    ${own.filter(Boolean).join(', ')}`];
  if (commands) {
    const { executions } = commands;
    const more = [
      counted(commands.transitions, 'state transition'),
      counted(commands.requests, 'Lambda request'),
    ];
    lines.push(
      `        and ${counted(executions, 'command execution')}: about ${[...more, priceText(commands, region)].filter(Boolean).join(', ')}`,
    );
  }
  return lines;
}

const counted = (number: number, what: string): string =>
  `${count(number)} ${what}${number === 1 ? '' : 's'}`;

function priceOf({ transitions }: { transitions: number }, region: string): number | null {
  return transitionsPrice(transitions, region) ?? null;
}

/** Of Step Functions alone: what functions cost is decided by how long they take. */
function priceText(of: { transitions: number }, region: string): string {
  const price = priceOf(of, region);
  return price === null ? '' : `${Number(price.toPrecision(3))} USD for the transitions in ${region}`;
}
