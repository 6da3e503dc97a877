import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { DemoName } from './demos'
import type { Order, PlotPlace, Report, View } from './messages'
import type { AnyValues, EngineName, Fact, Language } from './spec'

export type Phase = 'idle' | 'loading' | 'running' | 'done' | 'stopped' | 'failed'

/** What a demo has shown so far. */
export interface Shown {
  readonly phase: Phase
  readonly facts: readonly Fact[]
  readonly progress: number
  readonly engine?: string
  readonly plot?: PlotPlace
  readonly failure?: string
}

export interface Demo extends Shown {
  start(values: AnyValues): void
  change(values: AnyValues): void
  stop(): void
  /** Ends the worker, and takes away what it drew. */
  reset(): void
}

interface Options {
  readonly name: DemoName
  readonly language: Language
  readonly theme: View['theme']
  readonly site: string
  readonly engine: () => EngineName
}

const idle: Shown = { phase: 'idle', facts: [], progress: 0 }

/** A demo in a worker of its own, which ends with the component; its canvas stands in `host`. */
export function useDemo(
  host: RefObject<HTMLElement | null>,
  { name, language, theme, site, engine }: Options,
): Demo {
  const [shown, setShown] = useState(idle)
  const worker = useRef<Worker>(undefined)
  const canvas = useRef<HTMLCanvasElement>(undefined)

  const end = useCallback(() => {
    worker.current?.terminate()
    worker.current = undefined
    canvas.current?.remove()
    canvas.current = undefined
  }, [])
  useEffect(() => end, [end])

  const viewOf = useCallback(
    (): View => ({
      theme,
      width: Math.max(240, host.current?.clientWidth ?? 0),
      scale: Math.min(3, window.devicePixelRatio || 1),
    }),
    [host, theme],
  )

  useEffect(() => {
    if (!host.current) return
    const tell = () => worker.current?.postMessage({ type: 'view', view: viewOf() } satisfies Order)
    const observer = new ResizeObserver(tell)
    observer.observe(host.current)
    tell()
    return () => observer.disconnect()
  }, [host, viewOf])

  const hear = (report: Report) => {
    switch (report.type) {
      case 'engine':
        return setShown((before) => ({ ...before, phase: 'running', engine: report.description }))
      case 'facts':
        return setShown((before) => ({ ...before, facts: report.facts, progress: report.progress }))
      case 'picture':
        if (canvas.current) canvas.current.style.aspectRatio = `${report.width} / ${report.height}`
        return setShown((before) => ({ ...before, ...(report.plot && { plot: report.plot }) }))
      case 'done':
        return setShown((before) => ({ ...before, phase: 'done', progress: 1 }))
      case 'failed':
        return setShown((before) => ({ ...before, phase: 'failed', failure: report.message }))
    }
  }

  const reset = () => {
    end()
    setShown(idle)
  }

  return {
    ...shown,
    start(values) {
      end()
      if (!host.current) return
      const own = document.createElement('canvas')
      host.current.append(own)
      canvas.current = own
      const started = new Worker(new URL('./worker.ts', import.meta.url))
      worker.current = started
      started.onmessage = ({ data }: MessageEvent<Report>) => hear(data)
      started.onerror = ({ message }) => hear({ type: 'failed', message })
      const offscreen = own.transferControlToOffscreen()
      const order: Order = {
        type: 'start',
        name,
        language,
        engine: engine(),
        site: new URL(site, window.location.href).href,
        still: window.matchMedia('(prefers-reduced-motion: reduce)').matches,
        canvas: offscreen,
        view: viewOf(),
        values,
      }
      started.postMessage(order, [offscreen])
      setShown({ ...idle, phase: 'loading' })
    },
    change(values) {
      if (!worker.current) return
      worker.current.postMessage({ type: 'change', values } satisfies Order)
      setShown(({ failure: _, ...before }) => ({
        ...before,
        phase: before.engine ? 'running' : 'loading',
        progress: 0,
      }))
    },
    stop() {
      // Before its engine is there nothing has begun.
      if (!shown.engine) return reset()
      worker.current?.postMessage({ type: 'stop' } satisfies Order)
      setShown((before) => ({ ...before, phase: 'stopped' }))
    },
    reset,
  }
}
