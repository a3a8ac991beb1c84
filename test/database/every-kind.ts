/** Two databases with tables of every kind, and what of each vanishes, returns and changes: the second is the backup of the first. */

import Database from 'better-sqlite3'

const SCHEMA = `
  CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, price REAL, data BLOB);
  CREATE TABLE texts (id TEXT PRIMARY KEY NOT NULL, note TEXT);
  CREATE TABLE folded (name TEXT PRIMARY KEY NOT NULL COLLATE NOCASE, note TEXT COLLATE NOCASE);
  CREATE TABLE wide (area TEXT, number INTEGER, note, PRIMARY KEY (area, number)) WITHOUT ROWID;
  CREATE TABLE downwards (area TEXT NOT NULL, number INTEGER NOT NULL, note, PRIMARY KEY (number DESC, area));
  CREATE TABLE bare (a, b);
  CREATE TABLE "odd ""name; DROP TABLE bare" ("a ""b" INTEGER PRIMARY KEY, "select" TEXT);
  CREATE TABLE strict_one (id INTEGER PRIMARY KEY, any_value ANY, small INT) STRICT;
  CREATE TABLE computed (id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2), thrice INT AS (a * 3) STORED);
  CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, note TEXT);
  CREATE TABLE untouched (id INTEGER PRIMARY KEY, note TEXT);
  CREATE INDEX by_note ON untouched (note);
  CREATE VIEW shown AS SELECT id FROM untouched;
  CREATE VIRTUAL TABLE words USING fts5 (title, body);
  CREATE VIRTUAL TABLE older_words USING fts4 (body);
  CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1, +label);
  CREATE VIRTUAL TABLE index_only USING fts5 (body, content = '');
  CREATE VIRTUAL TABLE of_untouched USING fts5 (note, content = 'untouched', content_rowid = 'id');
`

const ROWS = `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
  INSERT INTO numbered (id, name, price, data) SELECT i, 'name ' || i, i * 0.5 + 0.1, zeroblob(3) FROM n;
  INSERT INTO texts SELECT 'key ' || id, name FROM numbered;
  INSERT INTO folded SELECT 'Key ' || id, name FROM numbered;
  INSERT INTO wide SELECT 'area ' || (id % 3), id, price FROM numbered;
  INSERT INTO downwards SELECT 'area ' || (id % 3), id, price FROM numbered;
  INSERT INTO bare SELECT id, name FROM numbered;
  INSERT INTO "odd ""name; DROP TABLE bare" SELECT id, name FROM numbered;
  INSERT INTO strict_one SELECT id, name, id FROM numbered;
  INSERT INTO computed (id, a) SELECT id, id FROM numbered;
  INSERT INTO hidden SELECT 'same', 'same', name FROM numbered;
  INSERT INTO untouched SELECT id, name FROM numbered;
  INSERT INTO words (rowid, title, body) SELECT id, name, 'words of ' || name FROM numbered;
  INSERT INTO older_words (docid, body) SELECT id, 'words of ' || name FROM numbered;
  INSERT INTO boxes SELECT id, id, id + 1, name FROM numbered;
  INSERT INTO index_only (rowid, body) SELECT id, name FROM numbered;
`

/** What happens after the backup. */
const SINCE = `
  DELETE FROM numbered WHERE id IN (3, 4); INSERT INTO numbered (name) VALUES ('new'), ('newer'), ('newest');
  UPDATE numbered SET data = x'000001' WHERE id = 7; UPDATE numbered SET name = NULL WHERE id = 8;
  UPDATE numbered SET price = price + 1e-9 WHERE id = 9;
  DELETE FROM texts WHERE id = 'key 5'; INSERT INTO texts VALUES ('key new', NULL);
  UPDATE texts SET note = 'name 6' || char(0) || 'more' WHERE id = 'key 6';
  UPDATE folded SET note = upper(note) WHERE name = 'key 11'; DELETE FROM folded WHERE name = 'key 12';
  DELETE FROM wide WHERE number = 20; INSERT INTO wide VALUES ('area 9', 1, 1); UPDATE wide SET note = 'x' WHERE number = 21;
  DELETE FROM downwards WHERE number > 48; UPDATE downwards SET note = NULL WHERE number = 1;
  DELETE FROM bare WHERE rowid = 10; UPDATE bare SET b = 'changed' WHERE rowid < 4; INSERT INTO bare VALUES (NULL, NULL);
  UPDATE "odd ""name; DROP TABLE bare" SET "select" = 'changed' WHERE "a ""b" = 2;
  UPDATE strict_one SET any_value = 5 WHERE id = 5; DELETE FROM strict_one WHERE id = 6;
  UPDATE computed SET a = 0 WHERE id = 1;
  UPDATE hidden SET note = 'changed' WHERE note = 'name 5'; DELETE FROM hidden WHERE note = 'name 50';
  UPDATE words SET body = 'other' WHERE rowid = 5; DELETE FROM words WHERE rowid = 6; INSERT INTO words (rowid, title) VALUES (90, 'new');
  DELETE FROM older_words WHERE docid = 1;
  UPDATE boxes SET x1 = 99 WHERE id = 3; INSERT INTO boxes VALUES (77, 1, 2, 'new');
`

/** What each table of the two differs by: vanish, return, change. */
export const DIFFERENCES: Readonly<Record<string, readonly [vanish: number, back: number, change: number]>> = {
  numbered: [3, 2, 3],
  texts: [1, 1, 1],
  folded: [0, 1, 1],
  wide: [1, 1, 1],
  downwards: [0, 2, 1],
  bare: [1, 1, 3],
  'odd "name; DROP TABLE bare': [0, 0, 1],
  strict_one: [0, 1, 1],
  computed: [0, 0, 1],
  hidden: [0, 1, 1],
  untouched: [0, 0, 0],
  words: [1, 1, 1],
  older_words: [0, 1, 0],
  boxes: [1, 0, 1],
}

/** Why the others are not compared. */
export const SKIPPED: Readonly<Record<string, RegExp>> = {
  index_only: /keeps no text of its own/,
  of_untouched: /full-text index of untouched/,
}

export function makeEveryKind(present: string, backup: string, pragma = 'journal_mode = WAL'): void {
  for (const path of [present, backup]) {
    const connection = new Database(path)
    connection.pragma(pragma)
    connection.exec(SCHEMA)
    connection.transaction(() => {
      connection.exec(ROWS)
    })()
    if (path === present) connection.exec(SINCE)
    connection.close()
  }
}
