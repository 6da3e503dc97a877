export type { AlteredImage, Augmentation, ImageShape } from './augmentation'
export { cached } from './cached'
export {
  augmentationSize,
  type GeometricAugmentationOptions,
  geometricAugmentation,
} from './geometric-augmentation'
export * from './image-batches'
export { type ImageSet, type ImageSetParts, type ImagesOptions, imageSet, images } from './image-set'
export type { Range } from './range'
