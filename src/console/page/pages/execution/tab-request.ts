/** What was asked for, so that a part shows it; another object each time. */
export interface Wish {
  state?: string;
  failed?: boolean;
  text?: string;
}
