import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import type { ReactNode } from 'react'
import { type DemoName, titles } from './catalogue'
import styles from './styles.module.css'

export interface LiveProps {
  readonly name: DemoName
  /** Which sampler, process or loss a small figure is of: the name of its page. */
  readonly of?: string
}

/** A demo that runs the packages in the page, once it is asked to. */
export default function Live({ name, of }: LiveProps): ReactNode {
  const { i18n } = useDocusaurusContext()
  const language = i18n.currentLocale === 'ko' ? 'ko' : 'en'
  const title = titles[name]
  if (!title) throw new Error(`Live: expected name ${Object.keys(titles).join(' | ')}, got ${name}`)
  const id = `live-${of ?? name}`
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h3 id={id} className={styles.title}>
        {title[language]}
      </h3>
      <button type="button" className={styles.button}>
        {language === 'ko' ? '시작' : 'Start'}
      </button>
    </section>
  )
}
