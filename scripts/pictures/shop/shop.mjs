// The functions of the pictures: one item is busy at first, one order has no address.
const failure = (name, message) => Object.assign(new Error(message), { name });

export async function stock({ item, attempt }) {
  if (item.sku === 'pear' && attempt === 0) throw failure('Busy', 'the shelf is being counted');
  return { sku: item.sku, reserved: item.quantity };
}

export async function mail({ requestId, total }) {
  process.stdout.write(`please approve ${requestId}: ${total} JPY\n`);
}

export async function ship({ requestId, address }) {
  if (!address) throw failure('NoAddress', `the order ${requestId} has no address`);
  return { shipped: true };
}
