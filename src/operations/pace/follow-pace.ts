/** Just after something moved, more may be about to. */
const QUICKEST = 250;
/** Twice as long each time, up to so many times the quickest; */
const SLOW = 8;
/** and so many, once nothing has moved for as long as this many. */
const IDLE = 40;
const SILENCE = 240;

export interface FollowPace {
  /** Milliseconds until the next look. @param news the last one found something that is new */
  pause(news: boolean): number;
}

/**
 * How often something that is followed is looked at: a quarter of a second after it moved, then ever less often, up to
 * two seconds; ten after a minute in which nothing moved.
 * @param pollMilliseconds quicker, where that is less than a quarter of a second
 */
export function createFollowPace(clock: { now(): number }, pollMilliseconds: number): FollowPace {
  const quickest = Math.min(QUICKEST, pollMilliseconds);
  let movedAt = clock.now();
  let next = quickest;
  return {
    pause(news) {
      const now = clock.now();
      if (news) {
        movedAt = now;
        next = quickest;
      }
      if (now - movedAt >= SILENCE * quickest) return IDLE * quickest;
      const pause = next;
      next = Math.min(2 * next, SLOW * quickest);
      return pause;
    },
  };
}
