export { type PngOptions, toPng } from './node/png'
