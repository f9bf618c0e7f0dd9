import type { MachineCoverage } from '../../operations/flow-test/run-flow-tests.js';
import { graphOf } from '../../workflow/definition/graph.js';
import { coverageKinds, percentOf, shareOf } from '../../workflow/flow-test/coverage.js';
import { graphSvg } from '../graph/svg.js';
import { oneLine } from '../text/safe-text.js';
import { xmlText } from '../text/xml.js';
import { coverageOverlay } from './coverage.js';
import { floor, pluralOf } from './results.js';

/** Name -> text: a page over all machines, and the graph of each, coloured by what cases take of it. */
export function coverageFiles(machines: readonly MachineCoverage[]): Map<string, string> {
  const files = new Map<string, string>();
  const sections: string[] = [];
  for (const [index, machine] of machines.entries()) {
    const svg = graphSvg(graphOf(machine.definition), coverageOverlay(machine));
    files.set(fileNameOf(machine.name, files), svg);
    sections.push(sectionOf(machine, index, svg));
  }
  files.set('index.html', page(machines, sections));
  return files;
}

function fileNameOf(name: string, taken: Map<string, string>): string {
  const safe = name.replace(/[^\p{L}\p{N}_.-]/gu, '_').replace(/^\.+/, '_');
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${safe}.svg` : `${safe}-${number}.svg`;
    if (!taken.has(file)) return file;
  }
}

const shown = (text: string): string => xmlText(oneLine(text));

const page = (machines: readonly MachineCoverage[], sections: string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Workflow coverage</title>
<style>${style}</style>
</head>
<body>
<h1>Workflow coverage</h1>
<table>
<tr><th>Machine</th><th>Covered</th>${coverageKinds.map((kind) => `<th>${pluralOf[kind]}</th>`).join('')}</tr>
${machines.map(rowOf).join('\n')}
</table>
${sections.join('\n')}
</body>
</html>
`;

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #d0d7de}td.part{color:#c62828;font-weight:bold}
figure{margin:1rem 0;overflow:auto;border:1px solid #d0d7de;border-radius:6px;padding:.5rem}svg{display:block;margin:auto;height:auto}
li code{color:#c62828}.legend span{padding:.1rem .5rem;border:1px solid;border-radius:4px;margin-right:.5rem}
.all{background:#e3f6e5;border-color:#2e8b3a!important}.some{background:#fff6d9;border-color:#b7860b!important}.none{background:#fde8e8;border-color:#c62828!important}`;

function rowOf({ name, all }: MachineCoverage, index: number): string {
  const cells = coverageKinds.map((kind) => {
    const { taken, total } = shareOf(all, kind);
    return `<td${taken < total ? ' class="part"' : ''}>${total === 0 ? '—' : `${taken}/${total}`}</td>`;
  });
  const percent = floor(percentOf(shareOf(all)));
  return `<tr><td><a href="#machine-${index + 1}">${shown(name)}</a></td><td${percent < 100 ? ' class="part"' : ''}>${percent}%</td>${cells.join('')}</tr>`;
}

function sectionOf({ name, file, all }: MachineCoverage, index: number, svg: string): string {
  const open = all.filter(({ taken }) => !taken);
  const missing =
    open.length === 0
      ? '<p>All of it is covered.</p>'
      : `<p>No case takes:</p><ul>${open.map(({ kind, text }) => `<li>${kind} <code>${shown(text)}</code></li>`).join('')}</ul>`;
  return `<section id="machine-${index + 1}"><h2>${shown(name)}</h2>${file === undefined ? '' : `<p>${shown(file)}</p>`}
<p class="legend"><span class="all">covered</span><span class="some">partly</span><span class="none">never entered</span></p>
<figure>${svg}</figure>
${missing}</section>`;
}
