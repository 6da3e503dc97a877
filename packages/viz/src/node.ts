export { toApng } from './node/apng'
export type { MovieOptions, PictureSequence } from './node/frames'
export { toGif } from './node/gif'
export { type PngOptions, toPng } from './node/png'
