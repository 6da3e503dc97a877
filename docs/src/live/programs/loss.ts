import { loss } from '../demos/loss'
import { program } from '../program'
import { learn } from './learn'

export default program(loss, ({ of }, tools) => learn(of, 500, 0, tools))
