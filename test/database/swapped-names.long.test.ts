import { describe, it } from 'node:test'

import { needsRoot, race, RACES } from './swapping.ts'

describe('in a directory whose owner swaps every name for a link, hundreds of times', needsRoot, () => {
  for (const each of RACES) it(`${each.title} changes nothing outside of it`, () => race(each, 300))
})
