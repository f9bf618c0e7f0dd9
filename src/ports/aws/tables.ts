/** A row of a DynamoDB table, as plain values. */
export type TableItem = Record<string, unknown>;

/** The framework's tables: all have the key `pk` and `sk`. */
export interface TableKey extends TableItem {
  pk: string;
  sk: string;
}

export interface TableGateway {
  /** Consistent; undefined where there is none. */
  get(table: string, key: TableKey): Promise<TableItem | undefined>;
  /** Of any table: its partition key, and its sort key where it has one. FlowError 3: there is no such table */
  keyNames(table: string): Promise<string[]>;
  /** @param options `absent`: FlowError 5 where an item of this key has this attribute already */
  put(table: string, item: TableKey, options?: { absent?: string }): Promise<void>;
  /** In the order of `sk`; `reverse`: the last first. `where`: only those with this value; `only`: these attributes. */
  query(
    table: string,
    of: {
      pk: string;
      skPrefix?: string;
      reverse?: boolean;
      where?: { name: string; value: string };
      only?: string[];
    },
  ): AsyncIterable<TableItem>;
  /** Sets attributes of an item that is there; FlowError 5 where it is not. */
  update(table: string, key: TableKey, values: TableItem): Promise<void>;
}
