import { checkFunctions, checkPositive, optionsOf } from '@sgm/tensor/check'
import { layersOf } from './dots'
import { sceneOf } from './scene'
import { splat } from './splat'
import type { DotsShape, ImageShape, PathShape, Picture, Scene, Shape, Style, TextShape } from './types'

/** The context of a canvas on the page or off it. */
export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Options of {@link drawOn}. */
export interface DrawOptions extends Style {
  /** Sets the canvas's size to the picture's, times this number of pixels; `false` leaves the size as it is. @default 1 */
  readonly resize?: number | false
}

/**
 * Draws a picture on a canvas, over what is there, and gives the size it takes.
 *
 * @param context Of the canvas.
 * @throws RangeError when an option does not fit.
 * @example
 * const context = document.querySelector('canvas')!.getContext('2d')!
 * drawOn(context, await figure([curve(Math.sin)]))
 */
export function drawOn(
  context: Context2D,
  picture: Picture,
  options: DrawOptions = {},
): { readonly width: number; readonly height: number } {
  const { resize = 1, ...style } = optionsOf('drawOn', options, {
    theme: true,
    width: true,
    notes: true,
    resize: true,
  })
  if (resize !== false) checkPositive('drawOn', { resize })
  checkFunctions('drawOn', { 'save of a context': context?.save })
  const scene = sceneOf('drawOn', picture, style)
  context.save()
  if (resize !== false) {
    fit(context, scene, resize)
    context.setTransform(resize, 0, 0, resize, 0, 0)
  }
  drawScene(context, scene)
  context.restore()
  return { width: scene.width, height: scene.height }
}

/** Draws a scene in the context's own coordinates. */
export function drawScene(context: Context2D, scene: Scene): void {
  context.fillStyle = scene.background
  context.fillRect(0, 0, scene.width, scene.height)
  context.lineJoin = 'round'
  for (const shape of scene.shapes) draw(context, shape, scene.font)
}

function fit({ canvas }: Context2D, { width, height }: Scene, scale: number): void {
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== high) canvas.height = high
}

function draw(context: Context2D, shape: Shape, font: string): void {
  switch (shape.type) {
    case 'path':
      path(context, shape)
      break
    case 'dots':
      dots(context, shape)
      break
    case 'image':
      image(context, shape)
      break
    case 'text':
      text(context, shape, font)
      break
    case 'group': {
      context.save()
      context.translate(shape.x, shape.y)
      if (shape.clip) {
        context.beginPath()
        context.rect(0, 0, shape.clip.width, shape.clip.height)
        context.clip()
      }
      for (const inner of shape.shapes) draw(context, inner, font)
      context.restore()
    }
  }
}

function path(context: Context2D, shape: PathShape): void {
  const { lines, closed, fill, stroke, strokeWidth = 1, opacity = 1, dash } = shape
  context.beginPath()
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      if (i === 0) context.moveTo(line[i]!, line[i + 1]!)
      else context.lineTo(line[i]!, line[i + 1]!)
    }
    if (closed) context.closePath()
  }
  context.globalAlpha = opacity
  if (fill) {
    context.fillStyle = fill
    context.fill('evenodd')
  }
  if (stroke) {
    context.strokeStyle = stroke
    context.lineWidth = strokeWidth
    context.lineCap = dash ? 'butt' : 'round'
    context.setLineDash(dash ? [...dash] : [])
    context.stroke()
  }
  context.globalAlpha = 1
}

/** From so many on, dots are drawn pixel by pixel. */
const MANY = 1000

function dots(context: Context2D, shape: DotsShape): void {
  const { radius, fill, opacity = 1 } = shape
  const { a, b, c, d } = context.getTransform()
  if (shape.centres.length >= 2 * MANY && b === 0 && c === 0 && a === d && a > 0) {
    manyDots(context, shape)
    return
  }
  context.fillStyle = fill
  context.globalAlpha = opacity
  for (const centres of layersOf(shape)) {
    context.beginPath()
    for (let i = 0; i < centres.length; i += 2) {
      context.moveTo(centres[i]! + radius, centres[i + 1]!)
      context.arc(centres[i]!, centres[i + 1]!, radius, 0, 2 * Math.PI)
    }
    context.fill()
  }
  context.globalAlpha = 1
}

function manyDots(context: Context2D, { centres, radius, fill, opacity = 1 }: DotsShape): void {
  const { a, e, f } = context.getTransform()
  const placed = new Float32Array(centres.length)
  for (let i = 0; i < placed.length; i++) placed[i] = a * centres[i]! + (i % 2 === 0 ? e : f)
  const mask = splat({ centres: placed, radius: a * radius, opacity }, context.canvas)
  const { left, top, width, height, pixels } = mask
  if (width === 0 || height === 0) return
  const copy = new OffscreenCanvas(width, height)
  const own = copy.getContext('2d')!
  own.putImageData(new ImageData(pixels, width, height), 0, 0)
  own.globalCompositeOperation = 'source-in'
  own.fillStyle = fill
  own.fillRect(0, 0, width, height)
  context.save()
  context.resetTransform()
  context.drawImage(copy, left, top)
  context.restore()
}

function image(context: Context2D, { x, y, width, height, pixels, columns, rows, smooth }: ImageShape): void {
  const copy = new OffscreenCanvas(columns, rows)
  copy.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(pixels), columns, rows), 0, 0)
  context.imageSmoothingEnabled = smooth
  context.drawImage(copy, x, y, width, height)
}

function text(context: Context2D, shape: TextShape, font: string): void {
  const { x, y, text, fill, size, bold, anchor = 'start', baseline, upwards } = shape
  context.font = `${bold ? '600 ' : ''}${size}px ${font}`
  context.fillStyle = fill
  context.textAlign = anchor === 'middle' ? 'center' : anchor
  context.textBaseline = 'alphabetic'
  context.save()
  context.translate(x, baseline === 'middle' ? y + 0.36 * size : y)
  if (upwards) context.rotate(-Math.PI / 2)
  context.fillText(text, 0, 0)
  context.restore()
}
