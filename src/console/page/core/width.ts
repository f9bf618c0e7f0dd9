import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 899px)');

/** A phone, or a narrow window: rows are stacked. */
export const narrow = signal(query.matches);

query.addEventListener('change', () => {
  narrow.value = query.matches;
});
