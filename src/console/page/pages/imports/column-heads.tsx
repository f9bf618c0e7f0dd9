/** Heads of a table of a file's columns. */
export function ColumnHeads({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name
    <th key={index} scope="col">
      {name}
    </th>
  ));
}
