/** Shape of an image: height, width, channels. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** A way to alter images at random that tells what it did, so that a network learns them given that: `geometricAugmentation`, or one of your own. */
export interface Augmentation {
  /** How many numbers tell of an image. */
  readonly size: number
  /** How many uniform numbers an image takes. */
  readonly draws: number
  /**
   * An image, and the numbers that tell how it was altered: all 0 where it was left as it is.
   *
   * @param image `[height, width, channels]`, row-major. It may be altered in place.
   * @param u `draws` numbers in (0, 1), all that may be random.
   */
  alter(image: Float32Array, shape: ImageShape, u: Float32Array): AlteredImage
}

/** What an {@link Augmentation} made of an image. */
export interface AlteredImage {
  readonly image: Float32Array
  readonly told: readonly number[]
}
