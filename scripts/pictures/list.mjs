// The pictures of the documentation, in docs/pictures: story.mjs draws those of the terminal, pages.mjs those of the UI.
export const terminalPictures = ['approve', 'import', 'test', 'top', 'watch'];
export const pagePictures = ['execution', 'overview', 'paused'];

export const pictureFiles = [
  ...terminalPictures.map((name) => `${name}.svg`),
  ...pagePictures.map((name) => `${name}.png`),
].sort();
