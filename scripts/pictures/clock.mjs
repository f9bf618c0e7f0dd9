// Loaded first in each process of the pictures: whatever the day, they begin at the same time.
const shift = Number(process.env.PICTURES_SHIFT);
const RealDate = Date;
globalThis.Date = class PicturesDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shift);
    else super(...given);
  }

  static now() {
    return RealDate.now() + shift;
  }
};
