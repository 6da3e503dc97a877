import { library } from '../../tsup.shared.ts'

export default library({ entry: ['src/check.ts', 'src/index.ts', 'src/testing.ts'] })
