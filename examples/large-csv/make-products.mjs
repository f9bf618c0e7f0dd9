// Prints a CSV of as many products as the first argument says; every `faulty`-th of them has no price.
const [count = '1000', faulty = '0'] = process.argv.slice(2);
const kinds = ['緑茶', 'ほうじ茶', '麦茶, 2L', 'コーヒー豆 "深煎り"', '羊羹\n（6本入り）'];
const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

let page = 'id,name,price\n';
for (let n = 1; n <= Number(count); n++) {
  const price = Number(faulty) > 0 && n % Number(faulty) === 0 ? '' : String(100 + (n % 900));
  page += [`P-${String(n).padStart(7, '0')}`, quoted(kinds[n % kinds.length]), price].join(',');
  page += '\n';
  if (n % 1000 === 0) {
    // What reads may be slower than what writes.
    if (!process.stdout.write(page)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    page = '';
  }
}
process.stdout.write(page);
