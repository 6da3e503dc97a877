import useBaseUrl from '@docusaurus/useBaseUrl'
import ThemedImage from '@theme/ThemedImage'
import type { ReactNode } from 'react'

interface FigureProps {
  /** Of its files in static/img/figures: `NAME-light.svg` and `NAME-dark.svg`. */
  readonly name: string
  readonly alt: string
  /** @default 'svg' */
  readonly kind?: 'svg' | 'gif'
}

/** A picture in the theme of the page. */
export default function Figure({ name, alt, kind = 'svg' }: FigureProps): ReactNode {
  const light = useBaseUrl(`/img/figures/${name}-light.${kind}`)
  const dark = useBaseUrl(`/img/figures/${name}-dark.${kind}`)
  return <ThemedImage alt={alt} sources={{ light, dark }} />
}
