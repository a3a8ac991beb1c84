/** Who did something, as proven, so that four eyes are not one person's two (manual 2.5-4). */

export interface Person {
  /** For people, such as `uid 1000 (bob)`. */
  readonly name: string
  /** What identifies the person: `uid:1000`, `name:bob`. More of them can only make two people look like one. */
  readonly ids: readonly string[]
}

/** @param names login names and numbers; how the letters are cased makes no other person. */
export function personOf(name: string, names: readonly string[], uid?: number): Person {
  const ids = names.filter((each) => each !== '').map((each) => `name:${each.normalize('NFKC').toLowerCase()}`)
  return { name, ids: [...new Set([...(uid === undefined ? [] : [`uid:${uid}`]), ...ids])] }
}

/** Whether they may be one person. Two doors can know one person by different ids: one that is the same is enough. */
export function mayBeSame(one: Person, other: Person): boolean {
  return one.ids.some((id) => other.ids.includes(id))
}
