import { describe } from 'node:test'

import { comparesDoors } from './compare-doors.ts'
import { CASES } from './four-doors-cases.ts'

describe('a restore, whatever becomes of it', () => {
  comparesDoors(Object.keys(CASES))
})
