export class Screen {
  constructor(columns: number);
  write(text: string): this;
  text(): string;
  shown(): { text: string; style: Record<string, string | boolean> }[][];
}
