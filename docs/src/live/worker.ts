import { drawOn, type GroupShape, type Picture, type Scene, type Shape, themes } from '@sgm/viz'
import { openEngine } from './engine'
import type { Order, PlotPlace, Report, View } from './messages'
import type { Program, Tools } from './program'
import { programs } from './programs'
import type { AnyValues } from './spec'

/** Between two pictures, in milliseconds. */
const LEAST = 1000 / 60

/** What of its global scope a worker uses here; the types of a page know another. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Order>) => void
  postMessage(message: Report): void
}
const report = (message: Report) => scope.postMessage(message)

type Start = Extract<Order, { type: 'start' }>

let view: View
let canvas: OffscreenCanvas
let shown: Picture | undefined
let ready: Promise<(values: AnyValues) => Promise<void>> | undefined
let turn = 0

scope.onmessage = ({ data }: MessageEvent<Order>) => {
  switch (data.type) {
    case 'start':
      view = data.view
      canvas = data.canvas
      ready = open(data)
      perform(data.values)
      break
    case 'change':
      perform(data.values)
      break
    case 'view':
      view = data.view
      if (shown) draw(shown)
      break
    case 'stop':
      turn++
  }
}

/** What runs the demo once; a later run ends an earlier one. */
async function open({ name, language, engine: asked, site, still }: Start) {
  const [engine, { default: run }] = await Promise.all([openEngine(asked), programs[name]()])
  report({ type: 'engine', description: engine.description })
  const { executor } = engine
  const tools: Tools = {
    say: (words) => words[language],
    engine,
    ...(executor && { compile: { compile: executor } }),
    canvas,
    site,
  }
  let before = Promise.resolve()
  return (values: AnyValues) => {
    const own = ++turn
    before = before.catch(() => {}).then(() => show(run, values, tools, still, () => own === turn))
    return before
  }
}

async function perform(values: AnyValues): Promise<void> {
  try {
    const run = await ready
    await run?.(values)
  } catch (error) {
    report({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}

async function show(
  run: Program,
  values: AnyValues,
  tools: Tools,
  still: boolean,
  wanted: () => boolean,
): Promise<void> {
  let drawn = -LEAST
  let waiting: Picture | undefined
  for await (const { picture, facts, progress } of run(values, tools)) {
    waiting = picture
    report({ type: 'facts', facts, progress })
    if (!still && performance.now() - drawn >= LEAST) {
      if (picture) draw(picture)
      waiting = undefined
      drawn = performance.now()
    }
    // Orders of the page are heard between two frames.
    await new Promise((next) => setTimeout(next))
    if (!wanted()) break
  }
  if (waiting) draw(waiting)
  if (wanted()) report({ type: 'done' })
}

function draw(picture: Picture): void {
  shown = picture
  const context = canvas.getContext('2d')
  if (!context) return
  const style = { theme: themes[view.theme], width: view.width, notes: false }
  const { width, height } = drawOn(context, picture, { ...style, resize: view.scale })
  const plot = plotOf(picture.layout(style))
  report({ type: 'picture', width, height, ...(plot && { plot }) })
}

/** Where the first plot of a scene is. */
function plotOf(scene: Scene): PlotPlace | undefined {
  const found = clipped(scene.shapes, 0, 0)
  if (!found) return undefined
  const { x, y, width, height } = found
  return {
    left: x / scene.width,
    top: y / scene.height,
    width: width / scene.width,
    height: height / scene.height,
  }
}

function clipped(
  shapes: readonly Shape[],
  x: number,
  y: number,
): { x: number; y: number; width: number; height: number } | undefined {
  for (const shape of shapes.filter((one): one is GroupShape => one.type === 'group')) {
    const [left, top] = [x + shape.x, y + shape.y]
    const found = shape.clip ? { x: left, y: top, ...shape.clip } : clipped(shape.shapes, left, top)
    if (found) return found
  }
  return undefined
}
