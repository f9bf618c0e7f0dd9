// The pictures of the documentation, in docs/pictures: story.mjs draws those of the terminal, pages.mjs those of the UI.
const terminalPictures = ['approve', 'import', 'test', 'top', 'watch'];
const pagePictures = ['execution', 'overview', 'paused'];

export const pictureFiles = [
  ...terminalPictures.map((name) => `${name}.svg`),
  ...pagePictures.map((name) => `${name}.png`),
].sort();
