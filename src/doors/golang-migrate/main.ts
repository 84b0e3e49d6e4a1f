import { thisProcess } from '../this-process.ts'
import { golangMigrate } from './index.ts'

process.exitCode = await golangMigrate(process.argv.slice(2), thisProcess())
