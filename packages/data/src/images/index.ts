export { cached } from './cached'
export * from './image-batches'
export { type ImageSet, type ImageSetParts, type ImagesOptions, imageSet, images } from './image-set'
export type { Range } from './range'
