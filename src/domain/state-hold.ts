/** The hold of everything that waits for a person, because the state store is older than the world. */

/** Under which key the state store remembers it; empty or absent: no hold is in force. */
export const STATE_HOLD_KEY = 'state-rolled-back'
