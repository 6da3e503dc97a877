import * as tf from '@tensorflow/tfjs'

/**
 * Keeps tfjs from printing in Node: a banner at the first tensor, and a line for each kernel when another copy of it joins this one's engine, as where a framework
 * bundles one for each of its layers. Its flag for production switches off warnings alone.
 */
export function quietInNode(): void {
  if (tf.env().getBool('IS_NODE')) tf.env().set('PROD', true)
}
