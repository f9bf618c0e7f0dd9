export const pictureFiles: string[];
