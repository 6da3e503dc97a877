import { loss } from '../demos/loss'
import { program } from '../program'
import { learn } from './learn'

export default program(loss, ({ of, steps }, tools) => learn(of, steps, 0, tools))
