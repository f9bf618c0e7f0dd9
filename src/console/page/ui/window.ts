import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Window {
  /** Index of the first row that is drawn, and of the one behind the last. */
  first: number;
  last: number;
  /** Rows that are seen at once. */
  visible: number;
}

/** Pixels of an element's inside, before it is measured as many as it likes. */
export function useInnerWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Which rows of a long list are drawn: those that are seen in its scroller, and half a screen more on either side. */
export function useWindow(scroller: RefObject<HTMLElement | null>, count: number, height: number): Window {
  const [view, setView] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      const next = { top: element.scrollTop, height: element.clientHeight };
      // A step of rows is enough: fewer are drawn anew.
      setView((before) =>
        Math.abs(before.top - next.top) < height && before.height === next.height ? before : next,
      );
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [height]);
  const visible = Math.ceil(view.height / height);
  const spare = Math.ceil(visible / 2);
  const first = Math.max(0, Math.min(Math.floor(view.top / height) - spare, count - visible));
  return { first, last: Math.min(count, first + visible + 2 * spare), visible };
}
