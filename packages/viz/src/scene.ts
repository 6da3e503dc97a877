import { checkFunctions, checkLists, expectedType } from '@sgm/tensor/check'
import type { Picture, Scene, Style } from './types'

/** A picture laid out. @throws TypeError for what is no picture, or lays out no scene. */
export function sceneOf(where: string, picture: Picture, style: Style): Scene {
  checkFunctions(where, { 'layout of a picture': picture?.layout })
  const scene = picture.layout(style)
  const { width, height, shapes } = (scene ?? {}) as Partial<Scene>
  if (![width, height].every(Number.isFinite)) throw expectedType(where, 'layout to give a scene', scene)
  checkLists(where, { 'shapes of a scene': shapes })
  return scene
}
