import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'

/** A table that scrolls in its column where it is too wide for it, by keys too. */
export default function Table(props: ComponentProps<'table'>): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)

  useEffect(() => {
    const { current } = frame
    if (!current) return
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])

  return (
    <div ref={frame} className="wide" {...(scrolls && { tabIndex: 0 })}>
      <table {...props} />
    </div>
  )
}
