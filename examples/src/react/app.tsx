import { drawOn, figure, scatter } from '@sgm/viz'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useSamples } from './use-samples'

/** A button that draws new samples, how far they are, and their picture. */
export function App(): ReactNode {
  const [seed, setSeed] = useState(0)
  const { progress, points, error } = useSamples(seed, 1000)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !points) return
    let wanted = true
    scatter({ values: points, shape: [points.length / 2, 2] })
      .then((mark) => figure([mark], { width: 480 }))
      .then((picture) => wanted && drawOn(context, picture))
    return () => {
      wanted = false
    }
  }, [points])
  return (
    <main>
      <button type="button" onClick={() => setSeed(seed + 1)}>
        New samples
      </button>
      <progress value={progress?.index ?? 0} max={progress?.steps ?? 1} />
      {error && <p role="alert">{error}</p>}
      <canvas ref={canvas} aria-label="Samples of a mixture of two Gaussians" />
    </main>
  )
}
