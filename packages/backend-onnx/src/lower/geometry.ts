import type { Order } from '../layout'

/** ONNX convolves images `[B, C, H, W]`, filters `[O, I, h, w]`; tfjs has `[B, H, W, C]` and `[h, w, I, O]`. */
export const CHANNELS_FIRST: Order = [0, 3, 1, 2]
export const FILTERS_FIRST: Order = [3, 2, 0, 1]
export const CHANNELS_FIRST_FILTER: Order = [2, 3, 0, 1]

export type Size4 = readonly [number, number, number, number]
