import { useDoc } from '@docusaurus/plugin-content-docs/client'
import Heading from '@theme/MDXComponents/Heading'
import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import Live from './Live'
import { isAboutCommand, packageDemoOf } from './pages'

/** Fetched where it is shown: other pages do without its recording. */
const Terminal = lazy(() => import('../terminal/Terminal'))

/** The head of a section; before the first one of a package's page stands its demo. */
export default function Section(props: Omit<ComponentProps<typeof Heading>, 'as'>): ReactNode {
  const { metadata, toc } = useDoc()
  const isFirst = props.id === toc[0]?.id
  const demo = isFirst ? packageDemoOf(metadata.id) : undefined
  return (
    <>
      {demo && <Live name={demo} />}
      {isFirst && isAboutCommand(metadata.id) && (
        <Suspense>
          <Terminal />
        </Suspense>
      )}
      <Heading as="h2" {...props} />
    </>
  )
}
