let last: Element | undefined;

/** Remembers who had the focus: a button that is disabled while its work goes on loses it. */
addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) last = target;
});

/** Who has the focus, or had it last. */
export const focused = (): Element | undefined =>
  document.activeElement && document.activeElement !== document.body ? document.activeElement : last;

/** To the element, once it can take it; to the page's heading where it never can. */
export function giveFocus(element: Element | undefined): void {
  // What was disabled is enabled in the frame after the one that drew the dialog away.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.querySelector('dialog[open]')?.contains(document.activeElement)) return;
      if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('h1')?.focus();
    }),
  );
}
