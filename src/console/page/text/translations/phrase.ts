/**
 * What mbc-flow says, and how the page says it. `…` stands for what is known only then: it comes as $1, $2, … in its order.
 * `en`: where the page says it otherwise in English, too.
 */
export type Phrase = readonly [said: string, ja: string, en?: string];
