/** A picture's size and channels: 1 for grey, 3 for red, green and blue. */
export interface PictureSize {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
}

/** A decoded picture. */
export interface Picture extends PictureSize {
  /** `[height, width, channels]`, row-major. */
  readonly bytes: Uint8Array
}

/** What is wrong with the file of a picture, in words that users are told. */
export class Damaged extends Error {}
