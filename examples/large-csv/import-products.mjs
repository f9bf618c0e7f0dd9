// What the application does with the rows. import-csv calls it once for each batch, and once at the end.
export async function handler({ input, context }) {
  const reply = context.State.Name === 'csv_rows_handler' ? importBatch(input) : { status: 'COMPLETED' };
  return [[reply]];
}

/** The reply counts the rows and says why some were refused; mbc-flow traces these back to their lines. */
function importBatch({ BatchInput, Items }) {
  const failures = [];
  const commands = [];
  for (const [index, row] of Items.entries()) {
    const reason = refusal(row);
    if (reason) failures.push({ index, reason });
    else commands.push(commandOf(row, BatchInput.Attributes));
  }
  // An application publishes its commands here.
  return {
    totalRows: Items.length,
    succeededRows: commands.length,
    failedRows: failures.length,
    failures,
  };
}

function refusal({ id, price }) {
  if (!/^P-\d+$/.test(id ?? '')) return `id is no product number: ${id}`;
  return /^\d+$/.test(price ?? '') ? undefined : 'price is missing';
}

const commandOf = ({ id, name, price }, { tenantCode = 'common' }) => ({
  pk: `PRODUCT#${tenantCode}`,
  sk: id,
  name: name.trim(),
  attributes: { price: Number(price) },
});
