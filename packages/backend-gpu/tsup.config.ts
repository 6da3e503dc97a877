import { library } from '../../tsup.shared.ts'

export default library({ dts: { banner: '/// <reference types="@webgpu/types" />' } })
