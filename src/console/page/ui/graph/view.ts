import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** What of a picture is seen: its zero point on the screen, and the scale. */
interface View {
  x: number;
  y: number;
  scale: number;
}

const [SMALLEST, LARGEST] = [0.08, 3];
/** Below this, names are not read any more: the picture is moved instead. */
const READABLE = 0.45;
const STEP = 60;

interface Size {
  width: number;
  height: number;
}

/** Zoom and pan of a picture in an element of any size. */
export function useView(area: RefObject<HTMLElement | null>, picture: Size) {
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const moved = useRef(false);
  const drag = useRef<{ x: number; y: number; from: View } | undefined>(undefined);
  const size = (): Size => ({
    width: area.current?.clientWidth ?? 0,
    height: area.current?.clientHeight ?? 0,
  });

  const showAll = (): void => {
    moved.current = false;
    setView(fitted(size(), picture));
  };
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    // What somebody has moved stays where it is.
    const observer = new ResizeObserver(() => {
      if (!moved.current) showAll();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [picture]);

  const change = (next: (view: View) => View): void => {
    moved.current = true;
    setView(next);
  };
  const zoomAt = (factor: number, x: number, y: number): void =>
    change((before) => {
      const scale = Math.max(SMALLEST, Math.min(LARGEST, before.scale * factor));
      const ratio = scale / before.scale;
      return { scale, x: x - (x - before.x) * ratio, y: y - (y - before.y) * ratio };
    });
  const zoom = (factor: number): void => {
    const { width, height } = size();
    zoomAt(factor, width / 2, height / 2);
  };
  const move = (dx: number, dy: number): void =>
    change(({ x, y, scale }) => ({ x: x + dx, y: y + dy, scale }));

  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(STEP, 0),
    ArrowRight: () => move(-STEP, 0),
    ArrowUp: () => move(0, STEP),
    ArrowDown: () => move(0, -STEP),
    '+': () => zoom(1.3),
    '=': () => zoom(1.3),
    '-': () => zoom(1 / 1.3),
    0: showAll,
  };
  return {
    transform: `translate(${round(view.x)} ${round(view.y)}) scale(${round(view.scale)})`,
    zoom,
    showAll,
    /** Brings a point of the picture into the middle. */
    centre(x: number, y: number): void {
      const { width, height } = size();
      change(({ scale: before }) => {
        const scale = Math.max(before, 0.8);
        return { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
      });
    },
    events: {
      onKeyDown(event: KeyboardEvent): void {
        const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      },
      onWheel(event: WheelEvent): void {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = area.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
        zoomAt(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
      },
      onPointerDown(event: PointerEvent): void {
        if (event.button === 0) drag.current = { x: event.clientX, y: event.clientY, from: view };
      },
      onPointerMove(event: PointerEvent): void {
        const begun = drag.current;
        if (!begun) return;
        const [dx, dy] = [event.clientX - begun.x, event.clientY - begun.y];
        // A click that trembles is a click.
        if (!moved.current && Math.abs(dx) + Math.abs(dy) < 4) return;
        if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
        change(() => ({ ...begun.from, x: begun.from.x + dx, y: begun.from.y + dy }));
      },
      onPointerUp(): void {
        drag.current = undefined;
      },
      onPointerCancel(): void {
        drag.current = undefined;
      },
    },
  };
}

const MARGIN = 20;

/** The whole of it; of a picture that would be too small to read, its beginning. */
function fitted({ width, height }: Size, picture: Size): View {
  const whole = Math.min((width - 2 * MARGIN) / picture.width, (height - 2 * MARGIN) / picture.height, 1.1);
  const scale = Math.max(SMALLEST, whole < READABLE ? Math.min(READABLE * 1.4, 1) : whole);
  const fits = picture.height * scale <= height;
  return {
    scale,
    x: (width - picture.width * scale) / 2,
    y: fits ? Math.max(MARGIN, (height - picture.height * scale) / 2) : MARGIN,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
