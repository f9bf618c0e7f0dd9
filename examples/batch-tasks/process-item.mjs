// What the application does with one item. The state machine calls it for two items of a batch at a time.
export async function handler({ input }) {
  // Under the framework an item comes in the record of its sub-task; started directly, it comes as it is.
  const item = 'pk' in input ? input.input : input;
  if (!(item.quantity > 0)) throw new Error(`${item.itemId}: the quantity is ${item.quantity}`);
  return [[{ itemId: item.itemId, shipped: item.quantity }]];
}
