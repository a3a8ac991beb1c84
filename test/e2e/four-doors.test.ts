import { describe } from 'node:test'

import { comparesDoors } from './compare-doors.ts'

describe('a restore', () => {
  comparesDoors(['success', 'checksum'])
})
