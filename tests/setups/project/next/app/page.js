import { Page } from './client'

export default function Home() {
  return <Page />
}
