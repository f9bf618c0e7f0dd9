/** The little of papaparse (which brings no types) that the comparisons use. */
declare module 'papaparse' {
  const Papa: {
    parse<Row>(
      text: string,
      config?: { delimiter?: string; skipEmptyLines?: boolean; newline?: string },
    ): { data: Row[] };
    unparse(rows: string[][], config?: { quotes?: boolean; newline?: string; delimiter?: string }): string;
  };
  export default Papa;
}
