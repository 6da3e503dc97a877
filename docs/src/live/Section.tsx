import { useDoc } from '@docusaurus/plugin-content-docs/client'
import Heading from '@theme/MDXComponents/Heading'
import type { ComponentProps, ReactNode } from 'react'
import Live from './Live'
import { packageDemoOf } from './pages'

/** The head of a section; before the first one of a package's page stands its demo. */
export default function Section(props: Omit<ComponentProps<typeof Heading>, 'as'>): ReactNode {
  const { metadata, toc } = useDoc()
  const demo = props.id === toc[0]?.id ? packageDemoOf(metadata.id) : undefined
  return (
    <>
      {demo && <Live name={demo} />}
      <Heading as="h2" {...props} />
    </>
  )
}
